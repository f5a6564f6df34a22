/**
 * What one call, or one transaction inside it, has read and written so far. Holds facts; when to commit or signal them
 * is for `tracked-storage.ts` to say.
 */
import type { Kind } from "@edgepod/core/protocol";
import { EVERYTHING } from "@edgepod/core/protocol";
import type { Warning } from "@edgepod/core/protocol";
import type { Commit } from "../reactivity/versions.ts";
import { union } from "../sql/analysis.ts";
import type { Tables } from "../sql/analysis.ts";

export interface RecordingOptions {
  /** The call, or the transaction, that this one is a part of. */
  readonly parent?: Recording;
  /** Told of the tables of every read, in the turn in which they are read. */
  readonly onRead?: (tables: readonly string[]) => void;
}

export class Recording {
  readonly kind: Kind;
  readonly parent: Recording | null;
  readonly onRead: ((tables: readonly string[]) => void) | null;
  readonly reads = new Map<string, number>();
  #version: number | null = null;
  #writes: Tables = [];
  #changedSchema = false;
  #hasEnded = false;
  #longestTransaction = 0;
  #commits: readonly Commit[] = [];
  readonly #warnings = new Map<string, Warning>();

  constructor(kind: Kind, options: RecordingOptions = {}) {
    this.kind = kind;
    this.parent = options.parent ?? null;
    this.onRead = options.onRead ?? null;
  }

  /** The pod's version before the first read, or null while nothing has been read. */
  get version(): number | null {
    return this.#version;
  }

  get writes(): Tables {
    return this.#writes;
  }

  /** Whether it ran DDL, so that rolling it back changes the schema once more. */
  get changedSchema(): boolean {
    return this.#changedSchema;
  }

  get hasEnded(): boolean {
    return this.#hasEnded || (this.parent?.hasEnded ?? false);
  }

  isInside(other: Recording): boolean {
    return this === other || (this.parent?.isInside(other) ?? false);
  }

  /** Notes a read, before it happens. Only the first of a table counts: what came later is at least as new. */
  read(tables: Tables, at: { readonly current: number; lastWrite(table: string): number }): void {
    const names = tables === "all" ? [EVERYTHING] : tables;
    if (names.length === 0) return;
    this.parent?.read(tables, at);
    this.#version ??= at.current;
    for (const name of names) {
      if (!this.reads.has(name)) this.reads.set(name, at.lastWrite(name));
    }
    this.onRead?.(names);
  }

  write(tables: Tables): void {
    this.#writes = union(this.#writes, tables);
  }

  noteSchemaChange(): void {
    this.#changedSchema = true;
  }

  /** Takes what has been written so far, to be committed now. */
  takeWrites(): Tables {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }

  /** What the developer should know of it, each thing once. */
  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()];
  }

  warn(warning: Warning): void {
    this.#warnings.set(warning.message, warning);
    this.parent?.warn(warning);
  }

  /** The commits made in its name, oldest first. */
  get commits(): readonly Commit[] {
    return this.#commits;
  }

  /** A commit was made in its name, or in that of a transaction inside it. */
  committed(commit: Commit): void {
    this.#commits = [...this.#commits, commit];
    this.parent?.committed(commit);
  }

  /** A transaction inside this call has succeeded: what it did is now this call's. */
  absorb(inner: Recording): void {
    this.write(inner.writes);
    if (inner.#changedSchema) this.#changedSchema = true;
  }

  /** Milliseconds of the longest transaction that stopped the pod in its name. */
  get longestTransaction(): number {
    return this.#longestTransaction;
  }

  /** It, or a transaction inside it, has stopped the pod for so many milliseconds. */
  stopped(ms: number): void {
    this.#longestTransaction = Math.max(this.#longestTransaction, ms);
    this.parent?.stopped(ms);
  }

  /** From now on nothing can be done in its name. */
  end(): void {
    this.#hasEnded = true;
  }
}
