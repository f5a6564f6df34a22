import { memo } from "react";
import type { Result } from "@edgepod/core";
import { useMutation, useQuery } from "@edgepod/react";
import type { getTasks } from "../worker/functions.ts";
import { Failure } from "./failure.tsx";
import { PersonOptions, ProjectOptions, toId } from "./options.tsx";
import { TitleField } from "./title-field.tsx";
import { useSaved } from "./use-saved.ts";

type Task = Result<typeof getTasks>[number];

interface TaskRowProps {
  readonly task: Task;
}

/** One task, every part of which is changed where it stands. A row that a refetch leaves as it was isn't rendered. */
export const TaskRow = memo(function TaskRow({ task: { id, title, done, project, assignee } }: TaskRowProps) {
  const { data: projects = [project] } = useQuery("getProjectCounts");
  const { data: people = assignee ? [assignee] : [] } = useQuery("getPeople");
  const setDone = useMutation("setDone");
  const updateTask = useMutation("updateTask");
  const deleteTask = useMutation("deleteTask");

  const [shownDone, changeDone] = useSaved(done, (next) => setDone.trigger({ id, done: next }));
  const [shownProject, move] = useSaved(project.id, (next) => updateTask.trigger({ id, project: next }));
  const [shownAssignee, assign] = useSaved(assignee?.id ?? null, (next) => updateTask.trigger({ id, assignee: next }));

  return (
    <li className="task" data-done={shownDone || undefined}>
      <input
        type="checkbox"
        aria-label={`Done: ${title}`}
        checked={shownDone}
        onChange={(event) => changeDone(event.target.checked)}
      />
      <TitleField title={title} onRename={(next) => updateTask.trigger({ id, title: next })} />
      <select
        className="project-of"
        aria-label={`Project of: ${title}`}
        value={shownProject}
        onChange={(event) => move(Number(event.target.value))}
      >
        <ProjectOptions projects={projects} />
      </select>
      <select
        className="assignee-of"
        aria-label={`Assignee of: ${title}`}
        value={shownAssignee ?? ""}
        onChange={(event) => assign(toId(event.target.value))}
      >
        <PersonOptions people={people} />
      </select>
      <button
        type="button"
        className="delete"
        aria-label={`Delete: ${title}`}
        aria-disabled={deleteTask.isMutating}
        onClick={(event) => {
          focusBeside(event.currentTarget);
          void deleteTask.trigger({ id });
        }}
      >
        ✕
      </button>
      <Failure error={setDone.error ?? updateTask.error ?? deleteTask.error} />
    </li>
  );
});

/** Keeps the keyboard in the list when the row that it is on goes away. */
function focusBeside(button: HTMLElement): void {
  const row = button.closest("li");
  const beside = row?.nextElementSibling ?? row?.previousElementSibling;
  const next = beside?.querySelector<HTMLElement>("input[type=text]") ?? document.getElementById("tasks-heading");
  next?.focus();
}
