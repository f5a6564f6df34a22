/** The functions that the scenarios call, as an app's server would export them. Only their types matter here. */

interface Context {
  readonly db: object;
  readonly unsafeRawDb: object;
}

export interface Task {
  readonly id: number;
  readonly title: string;
  readonly due?: Date;
}

export declare function getTasks(ctx: Context): Promise<Task[]>;
export declare function getTask(ctx: Context, args: { id: number }): Promise<Task>;
export declare function getPage(
  ctx: Context,
  args: { after: number | null; text?: string },
): Promise<{ rows: Task[]; next: number | null }>;
export declare function findTasks(
  ctx: Context,
  args: { text?: string; ids?: readonly number[]; due?: { before: Date } },
): Promise<Task[]>;
export declare function getName(ctx: Context): Promise<string>;
export declare function getNotes(ctx: Context): Promise<string[]>;
export declare function addTask(ctx: Context, args: { title: string }): Promise<Task>;
export declare function renameTask(ctx: Context, args: { id: number; title: string }): Promise<void>;
export declare function removeTask(ctx: Context, args: { id: number }): Promise<void>;
export declare function addNote(ctx: Context, args: { text: string }): Promise<void>;
