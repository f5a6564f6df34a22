import { EdgePodError } from "@edgepod/core/protocol";

/** Waits for `work`, but no longer than `ms` milliseconds. @throws EdgePodError `DEADLINE_EXCEEDED`. */
export async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message =
        "A transaction took longer than 5 s and was undone: it stops the pod for everybody else." +
        " Do what waits for the outside world in an action(), outside of its transactions.";
      reject(new EdgePodError("DEADLINE_EXCEEDED", message));
    }, ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
