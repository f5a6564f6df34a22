/** Which screen the address names: `#board` or `#notes`. */
import { useSyncExternalStore } from "react";

export const SCREENS = ["board", "notes"] as const;

export type Screen = (typeof SCREENS)[number];

export function useScreen(): Screen {
  return useSyncExternalStore(subscribe, read);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => {
    window.removeEventListener("hashchange", changed);
  };
}

function read(): Screen {
  return SCREENS.find((name) => location.hash === `#${name}`) ?? "board";
}
