import { useRef, useState } from "react";
import type { SubmitEvent } from "react";
import { useMutation, useQuery } from "@edgepod/react";
import { Failure } from "./failure.tsx";
import { PersonOptions, ProjectOptions, toId } from "./options.tsx";

interface AddTaskProps {
  /** The project that is chosen at first. */
  readonly project: number | null;
}

export function AddTask({ project }: AddTaskProps) {
  const { data: projects = [] } = useQuery("getProjectCounts");
  const { data: people = [] } = useQuery("getPeople");
  const { trigger, isMutating, error } = useMutation("addTask");
  const [title, setTitle] = useState("");
  const [chosenProject, setProject] = useState(project);
  const [assignee, setAssignee] = useState<number | null>(null);
  const titleField = useRef<HTMLInputElement>(null);
  const into = chosenProject ?? projects[0]?.id;

  async function add(event: SubmitEvent) {
    event.preventDefault();
    if (into === undefined || isMutating) return;
    await trigger({ title, project: into, assignee });
    setTitle("");
    titleField.current?.focus();
  }

  return (
    <section aria-labelledby="add-heading">
      <h2 id="add-heading">Add a task</h2>
      <form className="add card" onSubmit={(event) => void add(event).catch(() => undefined)}>
        <label className="wide">
          Title
          <input ref={titleField} value={title} onChange={(event) => setTitle(event.target.value)} required />
        </label>
        <label>
          Project
          <select value={into} onChange={(event) => setProject(Number(event.target.value))}>
            <ProjectOptions projects={projects} />
          </select>
        </label>
        <label>
          Assignee
          <select value={assignee ?? ""} onChange={(event) => setAssignee(toId(event.target.value))}>
            <PersonOptions people={people} />
          </select>
        </label>
        <button type="submit" className="primary" aria-disabled={isMutating}>
          Add
        </button>
        <Failure error={error} />
      </form>
    </section>
  );
}
