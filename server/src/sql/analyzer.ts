/** The way from a statement's text to the tables it touches, remembered by text. One per pod. */
import type { Storage } from "../storage.ts";
import { together, type Analysis } from "./analysis.ts";
import { Catalog } from "./catalog.ts";
import { rootPages, type RootPages } from "./explain.ts";
import { type Layers, layersOf } from "./layers.ts";
import { statementsOf } from "./statement.ts";

export interface AnalyzerOptions {
  /** Hears that the layers disagree about a statement. That is a bug in one of them, but costs nobody a signal. */
  readonly onDisagreement?: (message: string, sql: string) => void;
  /** Leaves a layer out: to see what the others know without it. */
  readonly without?: "ast" | "explain";
}

const CACHED_TEXTS = 1000;
const LONGEST_CACHED_TEXT = 16 * 1024;

export class Analyzer {
  readonly #storage: Storage;
  readonly #options: AnalyzerOptions;
  readonly #cache = new Map<string, Analysis>();
  #schema: { readonly catalog: Catalog; readonly rootPages: RootPages } | undefined;
  #parses = 0;

  constructor(storage: Storage, options: AnalyzerOptions = {}) {
    this.#storage = storage;
    this.#options = options;
  }

  /** How many texts weren't known and had to be parsed. */
  get parses(): number {
    return this.#parses;
  }

  /**
   * The tables that `sql` reads and writes under the present schema. Throws `ReservedTableError` if it would write one
   * of the engine's own. Text that SQLite will reject has an analysis, too.
   */
  analyze(sql: string): Analysis {
    const known = this.#cache.get(sql);
    if (known !== undefined) {
      // A Map iterates in the order of insertion: used last, dropped last.
      this.#cache.delete(sql);
      this.#cache.set(sql, known);
      return known;
    }
    this.#parses++;
    const layers = this.layers(sql);
    for (const { disagreements } of layers ?? []) {
      for (const message of disagreements) this.#options.onDisagreement?.(message, sql);
    }
    const analysis = layers === null ? UNKNOWN : together(layers.map((layer) => layer.analysis));
    if (sql.length <= LONGEST_CACHED_TEXT) this.#remember(sql, analysis);
    return analysis;
  }

  /** What every layer says about each statement of `sql`, or `null` where it isn't SQL. Remembers nothing. */
  layers(sql: string): readonly Layers[] | null {
    this.#schema ??= { catalog: new Catalog(this.#storage), rootPages: rootPages(this.#storage) };
    const { catalog, rootPages: pages } = this.#schema;
    const { without } = this.#options;
    const sqlite = without === "explain" ? {} : { sqlite: { storage: this.#storage, rootPages: pages } };
    const sources = { catalog, ...sqlite, withoutAst: without === "ast" };
    return statementsOf(sql)?.map((statement) => layersOf(statement, sources)) ?? null;
  }

  /** Forgets everything. To be called after DDL, and after a rollback of DDL. */
  schemaChanged(): void {
    this.#cache.clear();
    this.#schema = undefined;
  }

  #remember(sql: string, analysis: Analysis): void {
    if (this.#cache.size >= CACHED_TEXTS) {
      for (const oldest of this.#cache.keys()) {
        this.#cache.delete(oldest);
        break;
      }
    }
    this.#cache.set(sql, analysis);
  }
}

// Not even tokens: nobody knows what SQLite would make of it.
const UNKNOWN: Analysis = {
  reads: "all",
  writes: "all",
  ddl: true,
  parsedBy: "none",
  deterministic: false,
  unfiltered: [],
};
