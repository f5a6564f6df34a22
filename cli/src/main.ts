#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
/** The commands of `edgepod` and their arguments. What a command does stands in a file of its own. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Command, Option } from "commander";
import { Explainer } from "./explain.ts";

interface ExplainFlags {
  readonly schema: string;
  readonly json?: boolean;
  readonly layers?: boolean;
  readonly without?: "ast" | "explain";
}

const program = new Command("edgepod").description("EdgePod's command line");

program
  .command("explain")
  .description("show which tables a statement reads and writes, and why")
  .argument("[sql]", "the statement; with --json they come as lines of standard input")
  .requiredOption("--schema <file>", "SQL that makes the schema")
  .option("--json", 'read one {"sql": …} a line and write one answer a line')
  .option("--layers", "add what each layer says by itself")
  .addOption(new Option("--without <layer>", "leave a layer out").choices(["ast", "explain"]))
  .action(async (sql: string | undefined, { schema, json, ...options }: ExplainFlags) => {
    const explainer = new Explainer({ schema: readFileSync(schema, "utf8"), ...options });
    if (json !== true) return console.log(explainer.describe(sql ?? readFileSync(0, "utf8")));
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answerLine(explainer, line))}\n`);
    }
  });

await program.parseAsync();

function answerLine(explainer: Explainer, line: string): object {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return { error: 'A line must be JSON such as {"sql": "SELECT 1"}.' };
  }
  const sql = typeof request === "object" && request !== null && "sql" in request ? request.sql : undefined;
  return typeof sql === "string"
    ? explainer.answer(sql)
    : { error: 'A line must be JSON such as {"sql": "SELECT 1"}.' };
}
