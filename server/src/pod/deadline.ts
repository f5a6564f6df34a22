import { EdgePodError } from "@edgepod/core/protocol";

/** Waits for `work`, but no longer than `ms` milliseconds. @throws EdgePodError `DEADLINE_EXCEEDED`. */
export async function withDeadline<T>(work: Promise<T>, ms: number, name: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message =
        `"${name}" took longer than ${ms / 1000} s and was undone: a mutation stops the pod for everybody else.` +
        " Do what waits for the outside world in an action().";
      reject(new EdgePodError("DEADLINE_EXCEEDED", message));
    }, ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
