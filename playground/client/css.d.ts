/** Vite loads it; there is nothing to import from it. */
declare module "*.css";
