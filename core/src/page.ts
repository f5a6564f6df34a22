/**
 * Tells when a page comes back: shown again, thawed, restored from the back-forward cache, online again. Also when it goes
 * offline: what looks open must be asked whether it is, for where the pod is on the same machine it still is.
 */

/** Calls `resumed` each time. Returns what ends that. Where there is no page, nothing ever happens. */
export function watchPage(resumed: () => void): () => void {
  if (typeof document === "undefined" || typeof window === "undefined") return () => undefined;
  const shown = (): void => {
    if (document.visibilityState === "visible") resumed();
  };
  document.addEventListener("visibilitychange", shown);
  for (const event of WINDOW_EVENTS) window.addEventListener(event, shown);
  return () => {
    document.removeEventListener("visibilitychange", shown);
    for (const event of WINDOW_EVENTS) window.removeEventListener(event, shown);
  };
}

const WINDOW_EVENTS = ["pageshow", "online", "offline"] as const;
