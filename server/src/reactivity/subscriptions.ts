/** Who watches which table, indexed both ways, so that a write looks only at those who care. */
import { EVERY_TABLE } from "./table-set.ts";
import type { TableSet } from "./table-set.ts";

/** Somebody who watches tables. What it watches is kept with it; `Subscriptions` keeps the way back. */
export interface Watcher {
  readonly tables: TableSet;
}

export class Subscriptions<W extends Watcher> {
  readonly #watchers = new Map<number, Set<W>>();

  /** A watcher has come that watches `watcher.tables` already. */
  join(watcher: W): void {
    for (const id of watcher.tables) this.#index(watcher, id);
  }

  leave(watcher: W): void {
    for (const id of watcher.tables) this.#unindex(watcher, id);
  }

  /** Returns whether anything is new. */
  watch(watcher: W, ids: Iterable<number>): boolean {
    let isNew = false;
    for (const id of ids) {
      if (!watcher.tables.add(id)) continue;
      this.#index(watcher, id);
      isNew = true;
    }
    return isNew;
  }

  unwatch(watcher: W, ids: Iterable<number>): void {
    for (const id of ids) {
      if (watcher.tables.delete(id)) this.#unindex(watcher, id);
    }
  }

  /** Each watcher of at least one of the tables, with those that it watches; who watches every table gets them all. */
  targets(ids: readonly number[]): Map<W, readonly number[]> {
    const targets = new Map<W, number[]>();
    for (const id of ids) {
      for (const watcher of this.#watchers.get(id) ?? []) {
        const seen = targets.get(watcher);
        if (seen) seen.push(id);
        else targets.set(watcher, [id]);
      }
    }
    for (const watcher of this.#watchers.get(EVERY_TABLE) ?? []) targets.set(watcher, [...ids]);
    return targets;
  }

  /** Everybody who watches anything. */
  everybody(): Set<W> {
    const everybody = new Set<W>();
    for (const watchers of this.#watchers.values()) for (const watcher of watchers) everybody.add(watcher);
    return everybody;
  }

  #index(watcher: W, id: number): void {
    const watchers = this.#watchers.get(id);
    if (watchers) watchers.add(watcher);
    else this.#watchers.set(id, new Set([watcher]));
  }

  #unindex(watcher: W, id: number): void {
    const watchers = this.#watchers.get(id);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(id);
  }
}
