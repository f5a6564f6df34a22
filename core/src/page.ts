/** Tells when a page comes back: shown again, thawed, restored from the back-forward cache, online again. */

/** Calls `resumed` each time. Returns what ends that. Where there is no page, nothing ever happens. */
export function watchPage(resumed: () => void): () => void {
  if (typeof document === "undefined" || typeof window === "undefined") return () => undefined;
  const shown = (): void => {
    if (document.visibilityState === "visible") resumed();
  };
  document.addEventListener("visibilitychange", shown);
  window.addEventListener("pageshow", shown);
  window.addEventListener("online", shown);
  return () => {
    document.removeEventListener("visibilitychange", shown);
    window.removeEventListener("pageshow", shown);
    window.removeEventListener("online", shown);
  };
}
