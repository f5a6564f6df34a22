/** From many steps that fail to few that still do. */

/** Drops steps, in halves, quarters and so on, while those that stay still fail; until `deadline`, in ms since 1970. */
export async function shrink<T>(
  steps: readonly T[],
  options: { readonly fails: (steps: readonly T[]) => Promise<boolean>; readonly deadline: number },
): Promise<readonly T[]> {
  let rest = steps;
  for (let size = Math.ceil(rest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < rest.length;) {
      if (Date.now() > options.deadline) return rest;
      const fewer = [...rest.slice(0, at), ...rest.slice(at + size)];
      // oxlint-disable-next-line no-await-in-loop -- the next try depends on this one
      if (await options.fails(fewer)) rest = fewer;
      else at += size;
    }
  }
  return rest;
}
