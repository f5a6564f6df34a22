import { memo } from "react";
import { useMutation, useQuery } from "@edgepod/react";
import { expectDone, expectUpdated, focusBeside, toId } from "../shared/model.ts";
import type { Task } from "../shared/model.ts";
import { Failure } from "./failure.tsx";
import { TitleField } from "./title-field.tsx";

interface TaskRowProps {
  readonly task: Task;
  readonly onDelete: (task: { id: number }) => unknown;
}

/** One task, every part of which is changed where it stands. A row that a refetch leaves as it was isn't rendered. */
export const TaskRow = memo(function TaskRow({ task, onDelete }: TaskRowProps) {
  const { id, title, done, project, assignee } = task;
  const { data: projects = [project] } = useQuery("getProjectCounts");
  const { data: people = assignee ? [assignee] : [] } = useQuery("getPeople");
  const setDone = useMutation("setDone", { optimistic: expectDone });
  const update = useMutation("updateTask", {
    optimistic: (screen, args) => expectUpdated(screen, args, { projects, people }),
  });
  return (
    <li className="task" data-done={done || undefined}>
      <input
        type="checkbox"
        aria-label={`Done: ${title}`}
        checked={done}
        onChange={(event) => void setDone.trigger({ id, done: event.target.checked })}
      />
      <TitleField title={title} onRename={(next) => void update.trigger({ id, title: next })} />
      <select
        className="project-of"
        aria-label={`Project of: ${title}`}
        value={project.id}
        onChange={(event) => void update.trigger({ id, project: Number(event.target.value) })}
      >
        {projects.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <select
        className="assignee-of"
        aria-label={`Assignee of: ${title}`}
        value={assignee?.id ?? ""}
        onChange={(event) => void update.trigger({ id, assignee: toId(event.target.value) })}
      >
        <option value="">Nobody</option>
        {people.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="delete"
        aria-label={`Delete: ${title}`}
        onClick={(event) => {
          focusBeside(event.currentTarget);
          onDelete({ id });
        }}
      >
        ✕
      </button>
      <Failure error={setDone.error ?? update.error} />
    </li>
  );
});
