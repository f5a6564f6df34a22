import { useQuery } from "@edgepod/react";
import { Loaded } from "./loaded.tsx";
import { TaskRow } from "./task-row.tsx";

interface TaskListProps {
  /** Of which project; null for all. */
  readonly project: number | null;
}

export function TaskList({ project }: TaskListProps) {
  const tasks = useQuery("getTasks", project === null ? {} : { project });
  return (
    <section aria-labelledby="tasks-heading">
      <h2 id="tasks-heading" tabIndex={-1}>
        Tasks
      </h2>
      <Loaded query={tasks} what="the tasks">
        {(rows) =>
          rows.length === 0 ? (
            <p className="card empty">Nothing to do here.</p>
          ) : (
            <ul className="tasks card">
              {rows.map((task) => (
                <TaskRow key={task.id} task={task} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
