import { For, Show, createSignal, onCleanup } from "solid-js";
import { useMutation, useQuery } from "@edgepod/solid";
import { expectDeleted } from "../shared/model.ts";
import { keepFocus, moveRows } from "../shared/moving-rows.ts";
import { Failure } from "./failure.tsx";
import { TaskRow } from "./task-row.tsx";

interface TaskListProps {
  /** Of which project; null for all. */
  readonly project: number | null;
}

export function TaskList(props: TaskListProps) {
  const [search, setSearch] = createSignal("");
  const tasks = useQuery("getTasks", () => ({ project: props.project, search: search() }), { keepPreviousData: true });
  const deleteTask = useMutation("deleteTask", { optimistic: expectDeleted });

  function followRows(list: HTMLElement) {
    onCleanup(moveRows(list));
    onCleanup(keepFocus(list));
  }

  return (
    <section aria-labelledby="tasks-heading">
      <div class="heading">
        <h2 id="tasks-heading" tabindex="-1">
          Tasks
        </h2>
        <input
          type="search"
          aria-label="Search tasks"
          placeholder="Search"
          value={search()}
          onInput={(event) => setSearch(event.target.value)}
        />
      </div>
      <Failure error={tasks.error ?? deleteTask.error} />
      <Show when={tasks.loading}>
        <p class="card empty">Loading …</p>
      </Show>
      <Show when={tasks.latest?.length === 0}>
        <p class="card empty">{search() ? "Nothing found." : "Nothing to do here."}</p>
      </Show>
      <ul class="tasks card" ref={followRows} aria-busy={tasks.isPlaceholderData}>
        <For each={tasks.latest}>
          {(task) => <TaskRow task={task} onDelete={() => void deleteTask.trigger({ id: task.id })} />}
        </For>
      </ul>
    </section>
  );
}
