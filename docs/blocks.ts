/**
 * The examples of the documentation as files that a compiler reads. A block is named by its first line, `// src/client.ts`.
 * Where one leaves out what every reader knows, `<!-- before: import … -->` above it says that to the compiler.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..");

/** One fenced block. */
export interface Block {
  /** The document, from the root. */
  readonly document: string;
  /** The line of the document on which its first line stands, from 1. */
  readonly line: number;
  readonly language: string;
  /** Where it says that it belongs. */
  readonly path: string;
  readonly source: string;
  /** What the compiler is told before it. */
  readonly before: string;
}

/** Every document that shows code. */
export function documents(): string[] {
  const folders = ["", "core", "server", "cli", "docs", "docs/guides"];
  const adapters = readdirSync(join(ROOT, "adapters")).map((name) => `adapters/${name}`);
  return [...folders, ...adapters].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => (folder === "" ? name : `${folder}/${name}`)),
  );
}

const COMPILED: ReadonlySet<string> = new Set(["ts", "tsx", "vue", "svelte"]);

/** The blocks of a document that a compiler understands. */
export function blocksOf(document: string): Block[] {
  const lines = readFileSync(join(ROOT, document), "utf8").split("\n");
  const blocks: Block[] = [];
  let before = "";
  for (let at = 0; at < lines.length; at += 1) {
    before = /^<!-- before: (.*) -->$/.exec(lines[at] ?? "")?.[1] ?? before;
    const language = /^```(\w+)$/.exec(lines[at] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at + 1);
    const source = lines.slice(at + 1, end);
    const line = at + 2;
    const name = /^(?:\/\/|<!--) ([\w+./-]+\.(?:tsx?|vue|svelte))(?: -->)?$/.exec(source[0] ?? "")?.[1];
    if (COMPILED.has(language)) {
      const path = name ?? `line-${line}.${language}`;
      blocks.push({ document, line, language, path, source: source.join("\n"), before });
    }
    before = "";
    at = end;
  }
  return blocks;
}

/**
 * A block as TypeScript, each line where the document has it. Of a component only the script is left: its template is for
 * the framework's own compiler.
 */
export function toModule({ line, language, source, before }: Block): string {
  const isSolid = /"(?:@edgepod\/solid|solid-js[^"]*)"/.test(source + before);
  const pragma = language === "tsx" && isSolid ? "/** @jsxImportSource solid-js */ " : "";
  const module = language === "vue" || language === "svelte" ? scriptOf(source) : source;
  return `${pragma}${before}${"\n".repeat(line - 1)}${module}\n`;
}

/** What stands between the tags, at its lines. */
function scriptOf(source: string): string {
  let isScript = false;
  const lines = source.split("\n").map((line) => {
    if (/^<script.*>$/.test(line)) isScript = true;
    else if (line === "</script>") isScript = false;
    else if (isScript) return line;
    return "";
  });
  return `${lines.join("\n")}\nexport default {} as never;`;
}
