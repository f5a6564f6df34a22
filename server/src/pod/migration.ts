/** One step of the schema's history. */
export interface Migration {
  /** Unique, and sorted in the order of application, such as `0001_add_tasks`. */
  readonly id: string;
  /** One or more statements, separated by `;`. */
  readonly sql: string;
}
