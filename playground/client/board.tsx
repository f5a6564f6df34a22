import { useState } from "react";
import { AddTask } from "./add-task.tsx";
import { ProjectCounts } from "./project-counts.tsx";
import { TaskList } from "./task-list.tsx";

/** The tasks, and how many of them each project has. */
export function Board() {
  const [project, setProject] = useState<number | null>(null);
  return (
    <>
      <ProjectCounts chosen={project} onChoose={setProject} />
      <AddTask key={project} project={project} />
      <TaskList project={project} />
    </>
  );
}
