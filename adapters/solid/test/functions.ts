/** The functions that the tests call, as an app's server would export them. Only their types matter here. */

interface Ctx {
  readonly db: object;
  readonly unsafeRawDb: object;
}

export interface Task {
  readonly id: number;
  readonly title: string;
}

export declare function getTasks(ctx: Ctx): Promise<Task[]>;
export declare function getTask(ctx: Ctx, args: { id: number }): Promise<Task>;
export declare function findTasks(ctx: Ctx, args?: { text: string }): Promise<Task[]>;
export declare function getNotes(ctx: Ctx): string[];
export declare function addTask(ctx: Ctx, args: { title: string }): Promise<Task>;
export declare function clearTasks(ctx: Ctx): Promise<number>;
export declare const archive: ((ctx: Ctx, args: { id: number }) => Promise<void>) & { readonly kind: "mutation" };
export declare function formatTask(task: Task): string;
