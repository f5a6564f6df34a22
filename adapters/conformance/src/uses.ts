/** What the scenarios' components use, in short, and what they show, in shorter. */
import type { InfiniteQuery, Mutation, Query } from "./contract.ts";
import type { Task } from "./functions.ts";

export function query(fn: string, args?: unknown, options?: Query["options"]): Query {
  return { use: "query", fn, args, ...(options && { options }) };
}

export function mutation(fn: string, options?: Mutation["options"]): Mutation {
  return { use: "mutation", fn, ...(options && { options }) };
}

/** `getPage`, two tasks at a time. */
export function pages(text?: string, enabled?: boolean): InfiniteQuery {
  return {
    use: "infinite",
    fn: "getPage",
    argsOf: (after: never) => (text === undefined ? { after } : { after, text }),
    options: { getNextCursor: (page: { next: number | null }) => page.next, enabled },
  };
}

export const getTasks = query("getTasks");
export const getNotes = query("getNotes");
export const getTask = (id: number, options?: Query["options"]): Query => query("getTask", { id }, options);
export const addTask = mutation("addTask");

/** The titles of a list of tasks, such as `Sow, Water`; `undefined` where there is none. */
export function titles(data: unknown): string | undefined {
  return (data as readonly Task[] | undefined)?.map(({ title }) => title).join(", ");
}

/** The titles of a list of pages, such as `Sow, Water | Weed`. */
export function titlesOfPages(data: readonly unknown[] | undefined): string | undefined {
  return data?.map((page) => titles((page as { rows: readonly Task[] }).rows)).join(" | ");
}

/** What was seen, without what was seen twice in a row. */
export function inTurn<T>(seen: readonly T[]): T[] {
  return seen.filter((each, index) => index === 0 || each !== seen[index - 1]);
}
