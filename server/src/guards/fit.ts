/**
 * Makes a statement fit the platform, which binds at most 100 parameters: values beyond that travel as JSON. It stays
 * one statement and does what it would do if the platform bound them all. What fits already is left alone.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import { isOperator, isWord } from "../sql/lexer.ts";
import type { Token } from "../sql/lexer.ts";
import { statementsOf } from "../sql/statement.ts";
import type { Statement } from "../sql/statement.ts";
import type { Bound } from "./bind.ts";
import { Packed } from "./packed.ts";
import type { Bind, BoundPack } from "./packed.ts";
import { packRows, rowsOf } from "./value-rows.ts";

/** A text and what is bound to it. */
export interface BoundStatement {
  readonly sql: string;
  readonly params: readonly Bound[];
}

const MAX_PARAMETERS = 100;
const MAX_INSERTED_ROWS = 1000;
/** A row has three characters and a comma; no shorter text has too many. */
const SHORTEST_OF_TOO_MANY_ROWS = MAX_INSERTED_ROWS * 4;
/** SQLite finds an element of an array by walking there. */
const VALUES_PER_ARRAY = 64;

/**
 * The statement to run in place of this one. Usually it itself; also where nothing helps, for SQLite will say so.
 *
 * @param most How many parameters may be bound.
 * @throws EdgePodError `LIMIT_EXCEEDED` for an insert of more than 1,000 rows.
 */
export function fit(sql: string, params: readonly Bound[], most: number = MAX_PARAMETERS): BoundStatement {
  if (params.length <= most && sql.length < SHORTEST_OF_TOO_MANY_ROWS) return { sql, params };
  const statement = parse(sql);
  if (!statement) return { sql, params };
  const rows = rowsOf(statement);
  if (rows && rows.length > MAX_INSERTED_ROWS) throw tooManyRows(statement, rows.length);
  if (params.length <= most) return { sql, params };
  const fitting = new Fitting(statement, params);
  if (!fitting.isWhole) return { sql, params };
  fitting.packLists();
  if (fitting.parameters > most && rows) {
    const [first, last] = [rows[0], rows.at(-1)];
    const packed = packRows(statement, rows, (token) => fitting.valueAt(token));
    if (first && last && packed) fitting.replace({ from: first.from - 1, to: last.to, ...packed });
  }
  if (fitting.parameters > most) fitting.packRest(most);
  return fitting.result();
}

/** Tokens from `from` to before `to`, and what stands in their place. */
interface Replacement {
  readonly from: number;
  readonly to: number;
  /** How many parameters it takes. */
  readonly parameters: number;
  readonly text: (bind: Bind) => string;
}

/** A statement while parts of it are replaced. */
class Fitting {
  readonly #statement: Statement;
  /** By the index of its token. */
  readonly #values = new Map<number, Bound>();
  /** Whether each parameter has a value. */
  readonly isWhole: boolean;
  readonly #replacements: Replacement[] = [];
  /** The parameters that no replacement holds. */
  readonly #rest: Set<number>;

  constructor(statement: Statement, params: readonly Bound[]) {
    this.#statement = statement;
    let next = 0;
    for (const [index, { kind }] of statement.tokens.entries()) {
      if (kind === "parameter") this.#values.set(index, params[next++] ?? null);
    }
    this.isWhole = next === params.length;
    this.#rest = new Set(this.#values.keys());
  }

  valueAt(token: number): Bound {
    return this.#values.get(token) ?? null;
  }

  /** How many parameters are left to bind. */
  get parameters(): number {
    return this.#replacements.reduce((sum, { parameters }) => sum + parameters, this.#rest.size);
  }

  replace(replacement: Replacement): void {
    this.#replacements.push(replacement);
    for (let token = replacement.from; token < replacement.to; token += 1) this.#rest.delete(token);
  }

  /**
   * `IN (?, ?, …)` as `IN (SELECT +value FROM json_each(?))`. A list is compared with the left side's affinity alone, and a
   * subquery with its column's as well: the plus takes that away (https://sqlite.org/datatype3.html, 4.2 and 4.3).
   */
  packLists(): void {
    const { tokens } = this.#statement;
    for (let index = 0; index < tokens.length; index += 1) {
      const end = isWord(tokens[index], "IN") ? endOfList(tokens, index + 1) : null;
      if (end === null) continue;
      const packed = new Packed();
      for (let at = index + 2; at < end; at += 2) packed.addValue(this.valueAt(at));
      const text = (bind: Bind): string => {
        const pack = packed.bind(bind);
        return `(SELECT ${pack.value()} FROM ${pack.source})`;
      };
      this.replace({ from: index + 1, to: end, parameters: packed.parameters, text });
      index = end - 1;
    }
  }

  /** Each parameter that is left as an element of an array: the statement keeps its shape, whatever it is. */
  packRest(most: number): void {
    const rest = [...this.#rest];
    const room = Math.max(1, Math.floor((most - this.parameters + rest.length) / 2));
    const groups = Math.min(Math.ceil(rest.length / VALUES_PER_ARRAY), room);
    const size = Math.ceil(rest.length / groups);
    for (let start = 0; start < rest.length; start += size) {
      const tokens = rest.slice(start, start + size);
      const packed = new Packed();
      packed.addRow(tokens.map((token) => this.valueAt(token)));
      let pack: BoundPack | undefined;
      for (const [place, token] of tokens.entries()) {
        const text = (bind: Bind): string => {
          pack ??= packed.bindRow(bind);
          return `(${pack.cell(pack.json.join(), place)})`;
        };
        this.replace({ from: token, to: token + 1, parameters: place === 0 ? packed.parameters : 0, text });
      }
    }
  }

  result(): BoundStatement {
    const { sql, tokens } = this.#statement;
    const params: Bound[] = [];
    const bind: Bind = (value) => `?${params.push(value)}`;
    const byStart = new Map(this.#replacements.map((replacement) => [replacement.from, replacement]));
    let text = "";
    let copied = 0;
    for (let index = 0; index < tokens.length; index += 1) {
      const replacement = byStart.get(index);
      if (!replacement && tokens[index]?.kind !== "parameter") continue;
      text += sql.slice(copied, tokens[index]?.start) + (replacement?.text(bind) ?? bind(this.valueAt(index)));
      if (replacement) index = replacement.to - 1;
      copied = tokens[index]?.end ?? sql.length;
    }
    return { sql: text + sql.slice(copied), params };
  }
}

/** The index behind `(?, ?, …)` at `open`, or null if something else stands there. */
function endOfList(tokens: readonly Token[], open: number): number | null {
  if (!isOperator(tokens[open], "(")) return null;
  for (let index = open + 1; ; index += 2) {
    if (tokens[index]?.value !== "?") return null;
    if (isOperator(tokens[index + 1], ")")) return index + 2;
    if (!isOperator(tokens[index + 1], ",")) return null;
  }
}

/** The one statement of a text whose parameters count from left to right. */
function parse(sql: string): Statement | null {
  const statements = statementsOf(sql);
  const [statement] = statements ?? [];
  if (!statement || statements?.length !== 1) return null;
  return statement.tokens.some(({ kind, value }) => kind === "parameter" && value !== "?") ? null : statement;
}

function tooManyRows({ target }: Statement, rows: number): EdgePodError {
  return new EdgePodError(
    "LIMIT_EXCEEDED",
    `An insert into "${target ?? "?"}" has ${rows} rows; at most ${MAX_INSERTED_ROWS} go at once. Insert them in parts.`,
  );
}
