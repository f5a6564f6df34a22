/** Figures and how they are shown. */

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Prints one figure a row. */
export function table(unit: string, figures: Readonly<Record<string, number>>): void {
  console.table(
    Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, { [unit]: Number(value.toFixed(2)) }])),
  );
}
