import { For } from "solid-js";
import { useQuery } from "@edgepod/solid";
import { Failure } from "./failure.tsx";

interface ProjectListProps {
  readonly chosen: number | null;
  readonly onChoose: (project: number | null) => void;
}

/** Every project with how much of it is done. Choosing one shows its tasks alone; choosing it again shows all. */
export function ProjectList(props: ProjectListProps) {
  const projects = useQuery("getProjectCounts");
  return (
    <section aria-labelledby="projects-heading">
      <h2 id="projects-heading">Projects</h2>
      <Failure error={projects.error} />
      <ul class="projects">
        <For each={projects.latest}>
          {(project) => (
            <li>
              <button
                type="button"
                class="project"
                aria-pressed={project.id === props.chosen}
                onClick={() => props.onChoose(project.id === props.chosen ? null : project.id)}
              >
                <span class="name">{project.name}</span>
                <span class="count">
                  {project.done} of {project.total} done
                </span>
                <span class="bar" style={{ "--share": project.total === 0 ? 0 : project.done / project.total }} />
              </button>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
