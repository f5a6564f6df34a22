import { render } from "solid-js/web";
import { EdgePodProvider } from "@edgepod/solid";
import { client } from "../shared/client.ts";
import { App } from "./app.tsx";

const root = document.getElementById("root");
if (!root) throw new Error('index.html has no element with the id "root".');

render(
  () => (
    <EdgePodProvider client={client}>
      <App />
    </EdgePodProvider>
  ),
  root,
);
