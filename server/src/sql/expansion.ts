/**
 * Follows names to base tables: views to what they show, writes to triggers and foreign key actions, those to theirs,
 * until nothing new comes up. Every table comes with the reason for which it is there.
 */
import type { Tables } from "./analysis.ts";
import type { Catalog, Entry } from "./catalog.ts";
import { isDeterministic } from "./determinism.ts";
import {
  doesMore,
  type Effect,
  IMPLIED,
  looksFirst,
  mayCollide,
  namesColumn,
  overlap,
  takesVolatileDefault,
} from "./effect.ts";
import { allOf, mentionsOf, type MentionsOptions } from "./mentions.ts";
import type { ForeignKey } from "./foreign-keys.ts";
import { fold, isOwn, isTableFunction } from "./names.ts";
import type { Statement } from "./statement.ts";
import { type Write, writeOf } from "./write.ts";

/** How a table came into a set, such as "ON DELETE CASCADE from `tasks`". */
export type Reason = string;

export class Expansion {
  readonly #catalog: Catalog;
  readonly #options: MentionsOptions;
  readonly #reads = new Map<string, Reason>();
  readonly #writes = new Map<string, Reason>();
  readonly #seen = new Set<string>();
  #allReads = false;
  #allWrites = false;
  #deterministic = true;

  constructor(catalog: Catalog, options: MentionsOptions = {}) {
    this.#catalog = catalog;
    this.#options = options;
  }

  get reads(): Tables {
    return this.#allReads ? "all" : [...this.#reads.keys()].sort();
  }

  get writes(): Tables {
    return this.#allWrites ? "all" : [...this.#writes.keys()].sort();
  }

  /** Whether no view or trigger on the way looks at anything but tables. */
  get deterministic(): boolean {
    return this.#deterministic;
  }

  reasons(set: "reads" | "writes"): ReadonlyMap<string, Reason> {
    return set === "reads" ? this.#reads : this.#writes;
  }

  /** Adds what is read from the table, view or function of this name. */
  read(name: string, reason: Reason): void {
    // No version says when one of ours changes.
    if (isOwn(name)) return this.everything({ writes: false });
    const entry = this.#catalog.find(name);
    if (entry === undefined) {
      if (isTableFunction(name)) return;
      // Not in the schema: SQLite's own tables, pragma functions, another schema, or a table that isn't there yet.
      this.#allReads = true;
      this.#deterministic = false;
      return;
    }
    if (!this.#isNew("read", entry.name)) return;
    if (entry.kind === "view") {
      this.#view(entry);
      return;
    }
    this.#reads.set(entry.name, reason);
    if (entry.shows === null) this.#allReads = true;
    for (const shown of entry.shows ?? []) this.read(shown, `shown by \`${entry.name}\``);
  }

  /** Adds what a statement's write changes, and what it has to look at. */
  write(write: Write, reason: Reason): void {
    for (const operation of write.operations) this.#effect({ ...write, operation }, reason);
  }

  /** Nothing is known: everything may be read and, unless it is a select, written. */
  everything({ writes }: { readonly writes: boolean }): void {
    this.#allReads = true;
    this.#deterministic = false;
    if (writes) this.#allWrites = true;
  }

  #view(entry: Entry): void {
    const names = entry.select && allOf(mentionsOf(entry.select, this.#options));
    if (names === null || entry.select === null) this.everything({ writes: false });
    else {
      if (!isDeterministic(entry.select)) this.#deterministic = false;
      for (const name of names) this.read(name, `view \`${entry.name}\``);
    }
  }

  #effect(effect: Effect, reason: Reason): void {
    const entry = this.#catalog.find(effect.table);
    if (entry === undefined || entry.triggers === null) return this.everything({ writes: true });
    const { operation, columns, given, replace } = effect;
    const { single, readsItself, isReplaced } = effect;
    const lists = [columns, given, effect.named].map((list) => list && [...list].sort().join());
    const key = [operation, replace, single, readsItself, isReplaced, ...lists].join(" ");
    if (!this.#isNew(`write ${key}`, entry.name)) return;
    // A view has no rows: its INSTEAD OF triggers are all that happens, and the rows they happen to are read.
    if (entry.kind === "view") {
      if (entry.triggers.length === 0) return this.everything({ writes: true });
      this.#triggers(entry, effect);
      return operation === "insert" ? undefined : this.read(entry.name, reason);
    }
    if (!effect.isReplaced || this.#catalog.recursiveTriggers) this.#triggers(entry, effect);
    this.#writes.set(entry.name, reason);
    if (takesVolatileDefault(entry, effect)) this.#deterministic = false;
    if (effect.readsItself || namesColumn(entry, effect) || looksFirst(entry, effect)) this.read(entry.name, reason);
    for (const { name, columns: shown } of entry.shownIn) {
      if (operation !== "update" || overlap(shown, columns)) this.#writes.set(name, `rows of \`${entry.name}\``);
    }
    for (const { name, view } of this.#catalog.shownThroughViews) {
      const shown = new Expansion(this.#catalog, this.#options);
      shown.read(view, name);
      if (shown.reads === "all" || shown.reads.includes(entry.name)) this.#writes.set(name, `rows of \`${view}\``);
    }
    for (const store of entry.stores) this.#writes.set(store, `rows of \`${entry.name}\``);
    this.#foreignKeys(entry, effect);
    if ((replace || entry.replaces) && mayCollide(entry, effect)) {
      const replaced = { ...IMPLIED, table: entry.name, operation: "delete", columns: null, isReplaced: true } as const;
      this.#effect(replaced, `REPLACE in \`${entry.name}\``);
    }
  }

  #triggers(entry: Entry, { operation, columns, replace }: Effect): void {
    for (const trigger of entry.triggers ?? []) {
      if (trigger.event !== operation || !overlap(trigger.of, columns)) continue;
      const reason = `trigger \`${trigger.name}\` on \`${entry.name}\``;
      if (trigger.looksAtRow && entry.kind !== "view") this.read(entry.name, reason);
      for (const step of trigger.steps) this.#step(step, replace, reason);
    }
  }

  #step(step: Statement, replace: boolean, reason: Reason): void {
    const names = allOf(mentionsOf(step, this.#options));
    if (names === null || (step.kind !== "select" && step.target === undefined)) {
      return this.everything({ writes: true });
    }
    if (!isDeterministic(step)) this.#deterministic = false;
    for (const name of names) this.read(name, reason);
    const write = writeOf(step);
    if (write) this.write({ ...write, single: false, replace: write.replace || replace }, reason);
  }

  #foreignKeys(entry: Entry, effect: Effect): void {
    const { operation, columns } = effect;
    const updates = operation === "update";
    const replaces = effect.replace || entry.replaces;
    for (const key of entry.parents) {
      if (!updates || overlap(key.from, columns)) this.read(key.parent, `foreign key of \`${entry.name}\``);
    }
    for (const key of entry.children) {
      if (operation === "insert") {
        // A row more can only mend what is broken, and something can be only in the midst of a statement.
        if (!effect.single || replaces || key.deferred || doesMore(entry, columns))
          this.read(key.child, `foreign key to \`${entry.name}\``);
      } else if (!updates || overlap(key.to, columns)) this.#child(entry, key, operation);
    }
  }

  /** What a delete or update of `entry` does to the rows that point to it. */
  #child(entry: Entry, key: ForeignKey, operation: "update" | "delete"): void {
    const action = operation === "delete" ? key.onDelete : key.onUpdate;
    if (action === "none") return this.read(key.child, `foreign key to \`${entry.name}\``);
    const reason = `ON ${operation.toUpperCase()} ${action} from \`${entry.name}\``;
    const deletes = operation === "delete" && action === "CASCADE";
    const what = { operation: deletes ? operation : "update", columns: deletes ? null : key.from } as const;
    if (action === "SET DEFAULT" && overlap(key.from, this.#catalog.find(key.child)?.volatile ?? null)) {
      this.#deterministic = false;
    }
    this.#effect({ ...IMPLIED, table: key.child, ...what, readsItself: true }, reason);
  }

  #isNew(what: string, name: string): boolean {
    const key = `${what} ${fold(name)}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}
