/** The plain words that stand for the names of one statement, whatever quotes, dots and letters those have. */
import { isOperator, nameOf, type Token } from "./lexer.ts";
import type { Statement } from "./statement.ts";

/** A clause has no equal in the grammar. */
export class NoEqual extends Error {}

export class PlainNames {
  /** What each plain word stands for. */
  readonly meant = new Map<string, string>();
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  readonly #words = new Map<string, string>();

  constructor({ sql, tokens }: Statement) {
    this.#sql = sql;
    this.#tokens = tokens;
  }

  /** `name[.name]…[.*]` as one word, and the index behind it. */
  at(index: number): [name: string, behind: number] {
    const parts = [this.#word(index++)];
    while (isOperator(this.#tokens[index], ".")) {
      parts.push(isOperator(this.#tokens[index + 1], "*") ? "*" : this.#word(index + 1));
      index += 2;
    }
    // The grammar knows no `schema.table.column`, and a column needs no schema.
    return [parts.slice(-2).join("."), index];
  }

  #word(index: number): string {
    const name = nameOf(this.#tokens[index], this.#sql);
    if (name === undefined) throw new NoEqual();
    let word = this.#words.get(name);
    if (word === undefined) {
      word = `n${this.#words.size}_`;
      this.#words.set(name, word);
      this.meant.set(word, name);
    }
    return word;
  }
}
