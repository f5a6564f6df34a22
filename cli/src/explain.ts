/** `edgepod explain`: which tables a statement reads and writes, and why. The engine answers; here it is only shown. */
import {
  Analyzer,
  explain,
  statementsOf,
  type Analysis,
  type AnalyzerOptions,
  type Layers,
  type Statement,
  type Storage,
  type Tables,
} from "@edgepod/server/sql";
import { openMemory } from "./node-storage.ts";

export interface ExplainOptions {
  /** The statements that make the schema. */
  readonly schema: string;
  /** A layer to leave out. */
  readonly without?: "ast" | "explain";
  /** Whether each layer's own answer is wanted, too. */
  readonly layers?: boolean;
}

/** What a program reads: one of these a statement. */
export type Answer =
  | { readonly error: string }
  | (Pick<Analysis, "reads" | "writes" | "parsedBy" | "deterministic"> & { readonly layers?: readonly object[] });

export class Explainer {
  readonly #storage: Storage;
  readonly #analyzer: Analyzer;
  readonly #options: ExplainOptions;

  constructor(options: ExplainOptions) {
    const { storage, run } = openMemory();
    run(options.schema);
    const { without } = options;
    const analyzerOptions: AnalyzerOptions = without === undefined ? {} : { without };
    this.#storage = storage;
    this.#options = options;
    this.#analyzer = new Analyzer(storage, analyzerOptions);
  }

  /** For a program. */
  answer(sql: string): Answer {
    try {
      const refusal = this.#refusal(sql);
      if (refusal !== undefined) return { error: refusal };
      const { reads, writes, parsedBy, deterministic } = this.#analyzer.analyze(sql);
      const layers = this.#options.layers === true ? { layers: (this.#analyzer.layers(sql) ?? []).map(plain) } : {};
      return { reads, writes, parsedBy, deterministic, ...layers };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** For a person. */
  describe(sql: string): string {
    const refusal = this.#refusal(sql);
    if (refusal !== undefined) return `SQLite rejects it: ${refusal}`;
    return (this.#analyzer.layers(sql) ?? []).map(describe).join("\n\n");
  }

  /** Why SQLite itself won't run `sql`, if it won't. What stands behind DDL can't be judged before that has run. */
  #refusal(sql: string): string | undefined {
    for (const statement of statementsOf(sql) ?? []) {
      // SQLite obeys some pragmas as soon as it is asked to explain them.
      const isAsked = statement.kind !== "explain" && statement.kind !== "pragma";
      const answer = isAsked ? explain(this.#storage, unordered(statement), new Map()) : null;
      if (answer instanceof Error) return answer.message;
      if (statement.kind === "schema") return undefined;
    }
    return statementsOf(sql) === null ? "unrecognized token" : undefined;
  }
}

/**
 * An UPDATE or DELETE without ORDER BY and LIMIT, which Durable Objects know there and Node's SQLite doesn't. Whether
 * SQLite takes the rest doesn't depend on them.
 */
function unordered(statement: Statement): Statement {
  if (statement.kind !== "update" && statement.kind !== "delete") return statement;
  let depth = 0;
  const end = statement.tokens.findIndex(({ kind, value }) => {
    if (kind === "operator") depth += value === "(" ? 1 : value === ")" ? -1 : 0;
    return depth === 0 && kind === "word" && (value === "ORDER" || value === "LIMIT");
  });
  return end === -1 ? statement : { ...statement, tokens: statement.tokens.slice(0, end) };
}

function plain({ mentions, opened, reasons, disagreements }: Layers): object {
  const list = (names: ReadonlySet<string> | null) => names && [...names].sort();
  return {
    ast: list(mentions.ast),
    scanner: list(mentions.scanner),
    catalog: { reads: Object.fromEntries(reasons.reads), writes: Object.fromEntries(reasons.writes) },
    explain:
      opened === null || opened instanceof Error ? null : { reads: list(opened.reads), writes: list(opened.writes) },
    disagreements,
  };
}

function describe({ analysis, mentions, reasons, opened, disagreements }: Layers): string {
  const names = (set: ReadonlySet<string> | null) =>
    set === null ? "no answer" : [...set].sort().join(", ") || "nothing";
  const lines = [
    ...section("reads", analysis.reads, reasons.reads),
    ...section("writes", analysis.writes, reasons.writes),
    `parser   ${names(mentions.ast)}`,
    `scanner  ${names(mentions.scanner)}`,
  ];
  if (opened !== null && !(opened instanceof Error)) {
    lines.push(`sqlite   reads ${names(opened.reads)}; writes ${names(opened.writes)}`);
  }
  lines.push(
    analysis.deterministic
      ? "depends on nothing but its tables"
      : "depends on more than its tables: clock, chance or connection",
  );
  return [...lines, ...disagreements.map((text) => `disagreement: ${text}`)].join("\n");
}

function section(title: string, tables: Tables, reasons: ReadonlyMap<string, string>): string[] {
  const head = title.padEnd(8);
  if (tables === "all") return [`${head} all: something in it isn't certain`];
  if (tables.length === 0) return [`${head} nothing`];
  return tables.map(
    (table, index) =>
      `${index === 0 ? head : " ".repeat(8)} \`${table}\` ← ${reasons.get(table) ?? "SQLite's program opens it"}`,
  );
}
