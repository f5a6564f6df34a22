/** Tells a socket what happens to the page that it lives in. Where there is no page, nothing ever happens. */

export interface PageLife {
  /**
   * The page is there again: shown, thawed, restored from the back-forward cache, online. Also when it goes offline: what
   * looks open must be asked whether it is, for where the pod is on the same machine it still is.
   */
  resume(): void;
  /** The page is being left, perhaps to be kept by the browser, which keeps none that has an open socket. */
  pause(): void;
}

const DOCUMENT_EVENTS = ["visibilitychange", "resume"] as const;
const WINDOW_EVENTS = ["pageshow", "online", "offline"] as const;

/** Returns what ends it. */
export function watchPage(life: PageLife): () => void {
  if (typeof document === "undefined" || typeof window === "undefined") return () => undefined;
  const shown = (): void => {
    if (document.visibilityState === "visible") life.resume();
  };
  const left = (): void => {
    life.pause();
  };
  for (const event of DOCUMENT_EVENTS) document.addEventListener(event, shown);
  for (const event of WINDOW_EVENTS) window.addEventListener(event, shown);
  window.addEventListener("pagehide", left);
  return () => {
    for (const event of DOCUMENT_EVENTS) document.removeEventListener(event, shown);
    for (const event of WINDOW_EVENTS) window.removeEventListener(event, shown);
    window.removeEventListener("pagehide", left);
  };
}
