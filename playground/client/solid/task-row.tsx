import { useMutation, useQuery } from "@edgepod/solid";
import { expectDone, expectUpdated, focusBeside, toId } from "../shared/model.ts";
import type { Task } from "../shared/model.ts";
import { Failure } from "./failure.tsx";
import { Options } from "./options.tsx";
import { TitleField } from "./title-field.tsx";

interface TaskRowProps {
  readonly task: Task;
  readonly onDelete: () => void;
}

/** One task, every part of which is changed where it stands. */
export function TaskRow(props: TaskRowProps) {
  const projects = useQuery("getProjectCounts");
  const people = useQuery("getPeople");
  const setDone = useMutation("setDone", { optimistic: expectDone });
  const update = useMutation("updateTask", {
    optimistic: (screen, args) =>
      expectUpdated(screen, args, { projects: projects.latest ?? [], people: people.latest ?? [] }),
  });
  const id = () => props.task.id;
  const title = () => props.task.title;
  return (
    <li class="task" data-done={props.task.done || undefined}>
      <input
        type="checkbox"
        aria-label={`Done: ${title()}`}
        checked={props.task.done}
        onChange={(event) => void setDone.trigger({ id: id(), done: event.target.checked })}
      />
      <TitleField title={title()} onRename={(next) => void update.trigger({ id: id(), title: next })} />
      <select
        class="project-of"
        aria-label={`Project of: ${title()}`}
        onChange={(event) => void update.trigger({ id: id(), project: Number(event.target.value) })}
      >
        <Options of={projects.latest ?? [props.task.project]} chosen={props.task.project.id} />
      </select>
      <select
        class="assignee-of"
        aria-label={`Assignee of: ${title()}`}
        onChange={(event) => void update.trigger({ id: id(), assignee: toId(event.target.value) })}
      >
        <option value="" selected={props.task.assignee === null}>
          Nobody
        </option>
        <Options of={people.latest} chosen={props.task.assignee?.id} />
      </select>
      <button
        type="button"
        class="delete"
        aria-label={`Delete: ${title()}`}
        onClick={(event) => {
          focusBeside(event.currentTarget);
          props.onDelete();
        }}
      >
        ✕
      </button>
      <Failure error={setDone.error ?? update.error} />
    </li>
  );
}
