import { useState } from "react";

/** Milliseconds that the refetch after a save may take without the old value showing in between. */
const REFETCH_MS = 500;

/**
 * A value that is saved as soon as it is changed. The change shows at once, until what was saved comes back; where
 * saving fails, it goes away again. Somebody may have undone it before it came back: then nothing changes, and after a
 * moment what is saved shows all the same.
 */
export function useSaved<T>(saved: T, save: (value: T) => Promise<unknown>): [shown: T, change: (value: T) => void] {
  const [pending, setPending] = useState<{ readonly from: T; readonly to: T } | null>(null);
  if (pending && !Object.is(pending.from, saved)) setPending(null);

  function change(to: T) {
    setPending({ from: saved, to });
    const settle = (): void => setPending((present) => (present?.to === to ? null : present));
    save(to).then(() => setTimeout(settle, REFETCH_MS), settle);
  }
  return [pending ? pending.to : saved, change];
}
