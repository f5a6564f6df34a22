/** The way from a statement's text to the tables it touches, remembered by text. One per pod. */
import type { Storage } from "../storage.ts";
import { AnalysisStore, LONGEST_KEPT_TEXT } from "./analysis-store.ts";
import { together, type Analysis } from "./analysis.ts";
import { Catalog } from "./catalog.ts";
import { rootPages, type RootPages } from "./explain.ts";
import { type Layers, layersOf } from "./layers.ts";
import { schemaHash } from "./schema-hash.ts";
import { statementsOf } from "./statement.ts";

export interface AnalyzerOptions {
  /** Names the engine's build. With it, analyses are kept in the storage, for this build and this schema. */
  readonly build?: string;
  /** Hears that there is something for `save` to write, where there was nothing. */
  readonly onUnsaved?: () => void;
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
  /** In the order of use. */
  readonly #cache = new Map<string, Known>();
  /** Used more than once, and not in the storage yet. */
  readonly #unsaved = new Map<string, Analysis>();
  #schema: { readonly catalog: Catalog; readonly rootPages: RootPages } | undefined;
  #store: AnalysisStore | undefined;
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
    this.#load();
    const known = this.#cache.get(sql);
    if (known !== undefined) return this.#use(sql, known);
    this.#parses++;
    const layers = this.layers(sql);
    for (const { disagreements } of layers ?? []) {
      for (const message of disagreements) this.#options.onDisagreement?.(message, sql);
    }
    const analysis = layers === null ? UNKNOWN : together(layers.map((layer) => layer.analysis));
    if (sql.length <= LONGEST_CACHED_TEXT) this.#remember(sql, { analysis, isSaved: sql.length > LONGEST_KEPT_TEXT });
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

  /** Writes what was used more than once into the storage. To be called outside of every user's transaction. */
  save(): void {
    if (this.#store === undefined || this.#unsaved.size === 0) return;
    this.#store.save(this.#unsaved);
    this.#unsaved.clear();
    // The new table may have moved others' pages, and is one more.
    this.#schema = undefined;
  }

  /** Forgets everything. To be called after DDL, and after a rollback of DDL. */
  schemaChanged(): void {
    this.#cache.clear();
    this.#unsaved.clear();
    this.#schema = undefined;
    this.#store = undefined;
  }

  /** Takes what is kept, once for every schema. */
  #load(): void {
    if (this.#options.build === undefined || this.#store !== undefined) return;
    this.#store = new AnalysisStore(this.#storage, `${this.#options.build} ${schemaHash(this.#storage)}`);
    for (const [sql, analysis] of this.#store.load()) this.#cache.set(sql, { analysis, isSaved: true });
  }

  #use(sql: string, known: Known): Analysis {
    // A Map iterates in the order of insertion: used last, dropped last.
    this.#cache.delete(sql);
    this.#cache.set(sql, known);
    if (!known.isSaved && this.#store !== undefined) {
      known.isSaved = true;
      this.#unsaved.set(sql, known.analysis);
      if (this.#unsaved.size === 1) this.#options.onUnsaved?.();
    }
    return known.analysis;
  }

  #remember(sql: string, known: Known): void {
    if (this.#cache.size >= CACHED_TEXTS) {
      for (const oldest of this.#cache.keys()) {
        this.#cache.delete(oldest);
        break;
      }
    }
    this.#cache.set(sql, known);
  }
}

interface Known {
  readonly analysis: Analysis;
  /** Whether it is in the storage, or on the way there, or never will be. */
  isSaved: boolean;
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
