/**
 * Cuts SQL text into SQLite's tokens, so that nothing further down mistakes a string or a comment for SQL. Knows no
 * grammar: a keyword is a `"word"` like any other.
 */

export type TokenKind = "word" | "quoted" | "string" | "number" | "blob" | "parameter" | "operator";

export interface Token {
  readonly kind: TokenKind;
  /** A word in capitals, a quoted name or string without its quotes, everything else as written. */
  readonly value: string;
  /** Where it stands in the text, quotes included. */
  readonly start: number;
  readonly end: number;
}

/** The tokens of `sql` without comments and space, or `null` where SQLite would see no token either. */
export function lex(sql: string): readonly Token[] | null {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const start = PATTERN.lastIndex;
    const frequent = frequentAt(sql, start);
    if (frequent !== undefined) {
      if (frequent !== null) tokens.push(frequent);
      PATTERN.lastIndex = start + 1;
      continue;
    }
    const match = PATTERN.exec(sql);
    if (!match?.groups) return null;
    const end = PATTERN.lastIndex;
    const kind = KINDS.find((name) => match.groups?.[name] !== undefined);
    if (kind !== undefined) tokens.push({ kind, value: valueOf(kind, match[0]), start, end });
  }
  return tokens;
}

/** Whether `token` is one of these keywords. A quoted name never is. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.value);
}

export function isOperator(token: Token | undefined, operator: string): boolean {
  return token?.kind === "operator" && token.value === operator;
}

/** The name that a token stands for, as it was written, or `undefined` if it can't be a name. */
export function nameOf(token: Token | undefined, sql: string): string | undefined {
  if (token?.kind === "word") return sql.slice(token.start, token.end);
  // SQLite takes a string for a name wherever only a name can stand.
  if (token?.kind === "quoted" || token?.kind === "string") return token.value;
  return undefined;
}

/**
 * The token of one character at `start`, `null` for a space, or `undefined` for all else. A bulk insert consists of
 * thousands of these, and the pattern takes ten times as long.
 */
function frequentAt(sql: string, start: number): Token | null | undefined {
  const value = sql[start] ?? "";
  switch (value) {
    case " ":
      return null;
    case "(":
    case ")":
    case ",":
      return { kind: "operator", value, start, end: start + 1 };
    case "?":
      return /\d/.test(sql[start + 1] ?? "") ? undefined : { kind: "parameter", value, start, end: start + 1 };
    default:
      return undefined;
  }
}

const KINDS = ["word", "quoted", "string", "number", "blob", "parameter", "operator"] as const;

// Sticky, and every alternative is linear. A comment that isn't closed ends with the text, as in SQLite; a string that
// isn't closed matches nothing. `blob` stands before `word`, whose first letter it shares.
const PATTERN = new RegExp(
  [
    String.raw`[ \t\n\f\r\ufeff]+|--[^\n]*|/\*[^]*?(?:\*/|$)`,
    String.raw`(?<blob>[xX]'[0-9a-fA-F]*')`,
    String.raw`(?<word>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)`,
    String.raw`(?<quoted>"(?:[^"]|"")*"|\`(?:[^\`]|\`\`)*\`|\[[^\]]*\])`,
    String.raw`(?<string>'(?:[^']|'')*')`,
    String.raw`(?<number>0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)`,
    String.raw`(?<parameter>\?\d*|[:@#$][\w$\x80-\uffff]+(?:::[\w$\x80-\uffff]+)*(?:\([^)\t-\r ]*\))?)`,
    String.raw`(?<operator>->>|->|\|\||<<|>>|<=|>=|==|!=|<>|[-+*/%&|~<>=(),.;])`,
  ].join("|"),
  "y",
);

// Keywords are ASCII, but `toUpperCase` would make one of "ſelect".
const ASCII = /^[\w$]*$/;

function valueOf(kind: TokenKind, text: string): string {
  if (kind === "word") return ASCII.test(text) ? text.toUpperCase() : text;
  if (kind !== "quoted" && kind !== "string") return text;
  const body = text.slice(1, -1);
  const quote = text[0];
  return quote === undefined || quote === "[" ? body : body.replaceAll(quote + quote, quote);
}
