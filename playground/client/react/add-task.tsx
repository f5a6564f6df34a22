import { useRef, useState } from "react";
import type { SubmitEvent } from "react";
import { useMutation, useQuery } from "@edgepod/react";
import { expectAdded, newTaskId, toId } from "../shared/model.ts";
import { Failure } from "./failure.tsx";

interface AddTaskProps {
  /** The project that is chosen at first. */
  readonly project: number | null;
}

export function AddTask({ project }: AddTaskProps) {
  const { data: projects = [] } = useQuery("getProjectCounts");
  const { data: people = [] } = useQuery("getPeople");
  const [title, setTitle] = useState("");
  const [chosenProject, setProject] = useState(project);
  const [assignee, setAssignee] = useState<number | null>(null);
  const titleField = useRef<HTMLInputElement>(null);
  const addTask = useMutation("addTask", {
    optimistic: (screen, args) => expectAdded(screen, args, { projects, people }),
    onError: (_error, args) => setTitle((typed) => typed || args.title),
  });
  const into = chosenProject ?? projects[0]?.id;

  function add(event: SubmitEvent) {
    event.preventDefault();
    if (into === undefined) return;
    void addTask.trigger({ id: newTaskId(), title, project: into, assignee });
    setTitle("");
    titleField.current?.focus();
  }

  return (
    <section aria-labelledby="add-heading">
      <h2 id="add-heading">Add a task</h2>
      <form className="add card" onSubmit={add}>
        <label className="wide">
          Title
          <input ref={titleField} value={title} onChange={(event) => setTitle(event.target.value)} required />
        </label>
        <label>
          Project
          <select value={into} onChange={(event) => setProject(Number(event.target.value))}>
            {projects.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Assignee
          <select value={assignee ?? ""} onChange={(event) => setAssignee(toId(event.target.value))}>
            <option value="">Nobody</option>
            {people.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="primary">
          Add
        </button>
        <Failure error={addTask.error} />
      </form>
    </section>
  );
}
