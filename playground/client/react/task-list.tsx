import { useState } from "react";
import { useMutation, useQuery } from "@edgepod/react";
import { expectDeleted } from "../shared/model.ts";
import { keepFocus, moveRows } from "../shared/moving-rows.ts";
import { Failure } from "./failure.tsx";
import { TaskRow } from "./task-row.tsx";

interface TaskListProps {
  /** Of which project; null for all. */
  readonly project: number | null;
}

export function TaskList({ project }: TaskListProps) {
  const [search, setSearch] = useState("");
  const tasks = useQuery("getTasks", { project, search }, { keepPreviousData: true });
  const deleteTask = useMutation("deleteTask", { optimistic: expectDeleted });
  return (
    <section aria-labelledby="tasks-heading">
      <div className="heading">
        <h2 id="tasks-heading" tabIndex={-1}>
          Tasks
        </h2>
        <input
          type="search"
          aria-label="Search tasks"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <Failure error={tasks.error ?? deleteTask.error} />
      {tasks.isLoading && <p className="card empty">Loading …</p>}
      {tasks.data?.length === 0 && <p className="card empty">{search ? "Nothing found." : "Nothing to do here."}</p>}
      <ul className="tasks card" ref={followRows} aria-busy={tasks.isPlaceholderData}>
        {tasks.data?.map((task) => (
          <TaskRow key={task.id} task={task} onDelete={deleteTask.trigger} />
        ))}
      </ul>
    </section>
  );
}

function followRows(list: HTMLElement | null) {
  const ends = list ? [moveRows(list), keepFocus(list)] : [];
  return () => ends.forEach((end) => end());
}
