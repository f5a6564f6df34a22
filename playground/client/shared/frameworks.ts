/** The screens of this playground: one board in four frameworks. */
export const FRAMEWORKS = [
  { path: "react", name: "React" },
  { path: "vue", name: "Vue" },
  { path: "svelte", name: "Svelte" },
  { path: "solid", name: "Solid" },
] as const;
