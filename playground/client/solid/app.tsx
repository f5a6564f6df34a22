import { Show, createSignal } from "solid-js";
import { useStatus } from "@edgepod/solid";
import { STATUS_WORDS } from "../shared/model.ts";
import { ActivityFeed } from "./activity-feed.tsx";
import { AddTask } from "./add-task.tsx";
import { ProjectList } from "./project-list.tsx";
import { SignalStrip } from "./signal-strip.tsx";
import { TaskList } from "./task-list.tsx";

export function App() {
  const [project, setProject] = createSignal<number | null>(null);
  const status = useStatus();
  return (
    <>
      <header class="top">
        <h1>
          Solid <small>on EdgePod</small>
        </h1>
        <p class="status" role="status" data-status={status()}>
          {STATUS_WORDS[status()]}
        </p>
      </header>
      <div class="columns">
        <main>
          <ProjectList chosen={project()} onChoose={setProject} />
          <Show when={project()} keyed fallback={<AddTask project={null} />}>
            {(chosen) => <AddTask project={chosen} />}
          </Show>
          <TaskList project={project()} />
        </main>
        <div class="side">
          <SignalStrip />
          <ActivityFeed />
        </div>
      </div>
    </>
  );
}
