import { createSignal } from "solid-js";
import { useMutation, useQuery } from "@edgepod/solid";
import { expectAdded, newTaskId, toId } from "../shared/model.ts";
import { Failure } from "./failure.tsx";
import { Options } from "./options.tsx";

interface AddTaskProps {
  /** The project that is chosen at first. */
  readonly project: number | null;
}

export function AddTask(props: AddTaskProps) {
  const projects = useQuery("getProjectCounts");
  const people = useQuery("getPeople");
  const [title, setTitle] = createSignal("");
  const [chosen, setChosen] = createSignal<number | null>(null);
  const [assignee, setAssignee] = createSignal<number | null>(null);
  const into = () => chosen() ?? props.project ?? projects.latest?.[0]?.id;
  const addTask = useMutation("addTask", {
    optimistic: (screen, args) =>
      expectAdded(screen, args, { projects: projects.latest ?? [], people: people.latest ?? [] }),
    onError: (_error, args) => void setTitle((typed) => typed || args.title),
  });
  let titleField: HTMLInputElement | undefined;

  function add(event: SubmitEvent) {
    event.preventDefault();
    const project = into();
    if (project === undefined) return;
    void addTask.trigger({ id: newTaskId(), title: title(), project, assignee: assignee() });
    setTitle("");
    titleField?.focus();
  }

  return (
    <section aria-labelledby="add-heading">
      <h2 id="add-heading">Add a task</h2>
      <form class="add card" onSubmit={add}>
        <label class="wide">
          Title
          <input
            ref={(field) => (titleField = field)}
            value={title()}
            onInput={(event) => setTitle(event.target.value)}
            required
          />
        </label>
        <label>
          Project
          <select onChange={(event) => setChosen(Number(event.target.value))}>
            <Options of={projects.latest} chosen={into()} />
          </select>
        </label>
        <label>
          Assignee
          <select onChange={(event) => setAssignee(toId(event.target.value))}>
            <option value="">Nobody</option>
            <Options of={people.latest} chosen={assignee()} />
          </select>
        </label>
        <button type="submit" class="primary">
          Add
        </button>
        <Failure error={addTask.error} />
      </form>
    </section>
  );
}
