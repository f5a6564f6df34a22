/** What the board's select fields offer. */

interface Named {
  readonly id: number;
  readonly name: string;
}

export function ProjectOptions({ projects }: { readonly projects: readonly Named[] }) {
  return projects.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
}

export function PersonOptions({ people }: { readonly people: readonly Named[] }) {
  return (
    <>
      <option value="">Nobody</option>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </>
  );
}

/** The id that an option's value stands for; null for "Nobody". */
export function toId(value: string): number | null {
  return value === "" ? null : Number(value);
}
