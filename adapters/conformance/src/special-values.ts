/** Dates and `undefined` as they cross the wire: as JSON, and beside it where they stand. The scenarios need no others. */

export interface SpecialValues {
  /** By path, such as `due.before` or `2.due`. */
  readonly values: Readonly<Record<string, readonly ["Date" | "undefined"]>>;
}

/** Where Dates stand in a value; undefined where there are none. */
export function datesIn(value: unknown): SpecialValues | undefined {
  const values = Object.fromEntries(pathsOf(value).map((path) => [path.join("."), ["Date"] as const]));
  return Object.keys(values).length > 0 ? { values } : undefined;
}

/** The value with what is special about it, of one that has come as JSON and belongs to nobody else. */
export function revive(value: unknown, types: SpecialValues | undefined): unknown {
  for (const [path, [kind]] of Object.entries(types?.values ?? {})) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce(
      (part, name) => part[name] as Record<string, unknown>,
      value as Record<string, unknown>,
    );
    holder[last] = kind === "Date" ? new Date(holder[last] as string) : undefined;
  }
  return value;
}

function pathsOf(value: unknown): string[][] {
  if (value instanceof Date) return [[]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member).map((path) => [name, ...path]));
}
