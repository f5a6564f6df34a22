import { useState } from "react";
import { useStatus } from "@edgepod/react";
import { STATUS_WORDS } from "../shared/model.ts";
import { ActivityFeed } from "./activity-feed.tsx";
import { AddTask } from "./add-task.tsx";
import { ProjectList } from "./project-list.tsx";
import { SignalStrip } from "./signal-strip.tsx";
import { TaskList } from "./task-list.tsx";

export function App() {
  const [project, setProject] = useState<number | null>(null);
  const status = useStatus();
  return (
    <>
      <header className="top">
        <h1>
          React <small>on EdgePod</small>
        </h1>
        <p className="status" role="status" data-status={status}>
          {STATUS_WORDS[status]}
        </p>
      </header>
      <div className="columns">
        <main>
          <ProjectList chosen={project} onChoose={setProject} />
          <AddTask key={project} project={project} />
          <TaskList project={project} />
        </main>
        <div className="side">
          <SignalStrip />
          <ActivityFeed />
        </div>
      </div>
    </>
  );
}
