import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { EdgePodProvider } from "@edgepod/react";
import { client } from "../shared/client.ts";
import { App } from "./app.tsx";

const root = document.getElementById("root");
if (!root) throw new Error('index.html has no element with the id "root".');

createRoot(root).render(
  <StrictMode>
    <EdgePodProvider client={client}>
      <App />
    </EdgePodProvider>
  </StrictMode>,
);
