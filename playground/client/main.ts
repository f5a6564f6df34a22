/** Loads the page that the address names, and nothing of the others. */
import "./shared/style.css";

const PAGES: Readonly<Record<string, readonly [title: string, load: () => Promise<unknown>]>> = {
  "": ["All four", () => import("./all.ts")],
  react: ["React", () => import("./react/main.tsx")],
  vue: ["Vue", () => import("./vue/main.ts")],
  svelte: ["Svelte", () => import("./svelte/main.ts")],
  solid: ["Solid", () => import("./solid/main.tsx")],
  notes: ["Notes", () => import("./notes.ts")],
};

const [title, load] = PAGES[location.pathname.replaceAll("/", "")] ?? ["All four", () => import("./all.ts")];
document.title = `${title} · EdgePod playground`;
await load();
