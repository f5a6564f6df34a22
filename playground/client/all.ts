/** The four boards side by side: four documents, four clients, one pod. */
import { FRAMEWORKS } from "./shared/frameworks.ts";

const root = document.getElementById("root");
document.body.classList.add("wide");
root?.insertAdjacentHTML(
  "beforeend",
  `<header class="top">
    <h1>EdgePod <small>playground</small></h1>
    <p class="hint">One pod, four clients. Change something in one, and watch the others.</p>
    <nav aria-label="Each alone">
      ${FRAMEWORKS.map(({ path, name }) => `<a href="/${path}">${name}</a>`).join("")}
      <a href="/notes">No framework</a>
    </nav>
  </header>
  <main class="four">
    ${FRAMEWORKS.map(({ path, name }) => `<iframe src="/${path}" title="${name}"></iframe>`).join("")}
  </main>`,
);
