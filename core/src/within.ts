import { EdgePodError } from "./protocol/index.ts";

/**
 * Runs a call that ends in time: its signal fires after `ms` milliseconds, or when `outer` does.
 *
 * @throws EdgePodError `NETWORK` after `ms` milliseconds, whether or not the call heeds its signal.
 */
export async function within<T>(
  ms: number,
  fn: string,
  outer: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const give = (): void => {
    controller.abort();
  };
  outer.addEventListener("abort", give, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new EdgePodError("NETWORK", `No answer to "${fn}" within ${ms / 1000} s.`));
      give();
    }, ms);
  });
  try {
    return await Promise.race([call(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener("abort", give);
  }
}
