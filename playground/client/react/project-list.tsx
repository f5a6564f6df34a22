import type { CSSProperties } from "react";
import { useQuery } from "@edgepod/react";
import { Failure } from "./failure.tsx";

interface ProjectListProps {
  readonly chosen: number | null;
  readonly onChoose: (project: number | null) => void;
}

/** Every project with how much of it is done. Choosing one shows its tasks alone; choosing it again shows all. */
export function ProjectList({ chosen, onChoose }: ProjectListProps) {
  const { data: projects = [], error } = useQuery("getProjectCounts");
  return (
    <section aria-labelledby="projects-heading">
      <h2 id="projects-heading">Projects</h2>
      <Failure error={error} />
      <ul className="projects">
        {projects.map(({ id, name, total, done }) => (
          <li key={id}>
            <button
              type="button"
              className="project"
              aria-pressed={id === chosen}
              onClick={() => onChoose(id === chosen ? null : id)}
            >
              <span className="name">{name}</span>
              <span className="count">
                {done} of {total} done
              </span>
              <span className="bar" style={{ "--share": total === 0 ? 0 : done / total } as CSSProperties} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
