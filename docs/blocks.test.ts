/** Every example of the documentation compiles, against the packages as they are. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { compile as compileSvelte } from "svelte/compiler";
import { expect, it } from "vitest";
import { compileScript, parse as parseVue } from "vue/compiler-sfc";
import { ROOT, blocksOf, documents, toModule } from "./blocks.ts";
import type { Block } from "./blocks.ts";

/** In here, so that what an example imports is found. */
const FOLDER = join(import.meta.dirname, ".blocks");
const REFERENCES = ["core", "server", ...["react", "vue", "svelte", "solid"].map((name) => `adapters/${name}`)];

const all = documents().map((document) => ({ document, blocks: blocksOf(document) }));

it("finds the examples", () => {
  expect(all.flatMap(({ blocks }) => blocks).length).toBeGreaterThan(30);
});

it("compiles every example", { timeout: 60_000 }, async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  const projects = all.flatMap(({ document, blocks }) => writeProjects(document, blocks));
  writeJson(join(FOLDER, "tsconfig.json"), { files: [], references: projects.map((path) => ({ path })) });
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, "-b", "--pretty", "false", FOLDER], (_error, stdout) => {
      resolve(stdout);
    });
  });
  // As `README.md:12:3`, so that an editor finds it: the lines are those of the document.
  expect(
    said.replaceAll(
      /^\S*\.blocks\/(\S+?)\/app\S*\((\d+),(\d+)\)/gm,
      (_, slug: string, line, column) => `${slug.replaceAll("--", "/")}.md:${line}:${column}`,
    ),
  ).toBe("");
});

it.each(all.flatMap(({ blocks }) => blocks.filter(({ language }) => language === "svelte")))(
  "compiles $path of $document",
  ({ path, source }) => {
    const { warnings } = compileSvelte(source, { filename: path });
    expect(warnings.map(({ message }) => message)).toEqual([]);
  },
);

it.each(all.flatMap(({ blocks }) => blocks.filter(({ language }) => language === "vue")))(
  "compiles $path of $document",
  ({ path, source }) => {
    const { descriptor, errors } = parseVue(source, { filename: path });
    expect(errors).toEqual([]);
    expect(compileScript(descriptor, { id: path, inlineTemplate: true }).content).toContain("setup");
  },
);

/** The files of one document: those that run in a page or in Node, and those that run in a Worker. */
function writeProjects(document: string, blocks: readonly Block[]): string[] {
  if (blocks.length === 0) return [];
  const folder = join(FOLDER, document.replace(/\.md$/, "").replaceAll("/", "--"));
  const files = blocks.map((block) => {
    const isComponent = block.language === "vue" || block.language === "svelte";
    const path = join(folder, "app", isComponent ? `${block.path}.ts` : block.path);
    write(path, toModule(block));
    return { path, block };
  });
  for (const { path, block } of files) addWhatIsNotShown(path, block);
  const isWorker = ({ source }: Block): boolean => /^import \{.*\} from "@edgepod\/server"/m.test(source);
  const isRegistered = blocks.some(({ source }) => source.includes("interface Register"));
  const shared = isRegistered ? [] : [join(import.meta.dirname, "fixture/register.d.ts")];
  const pages = files.filter(({ block }) => !isWorker(block)).map(({ path }) => path);
  const workers = files.filter(({ block }) => isWorker(block)).map(({ path }) => path);
  return [
    project(
      join(folder, "tsconfig.json"),
      ["node", "svelte"],
      ["dom", "dom.iterable", "dom.asynciterable"],
      [...pages, ...shared],
    ),
    ...(workers.length === 0
      ? []
      : [project(join(folder, "tsconfig.worker.json"), ["@cloudflare/workers-types"], [], workers)]),
  ];
}

function project(path: string, types: readonly string[], lib: readonly string[], files: readonly string[]): string {
  writeJson(path, {
    extends: join(ROOT, "tsconfig.base.json"),
    compilerOptions: {
      composite: false,
      declarationMap: false,
      emitDeclarationOnly: false,
      noEmit: true,
      jsx: "react-jsx",
      lib: ["es2024", ...lib],
      types,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    files,
    references: REFERENCES.map((reference) => ({ path: join(ROOT, reference) })),
  });
  return path;
}

/** An example may import what it doesn't show: functions, a client, a component. */
function addWhatIsNotShown(path: string, { document, line, source, before }: Block): void {
  for (const [, specifier = ""] of (source + before).matchAll(/(?:from|import) "(\.[^"]+)"/g)) {
    const target = join(dirname(path), specifier);
    const isThere = ["", ".ts", ".tsx"].some((extension) => existsSync(target + extension));
    if (isThere) continue;
    const isComponent = [".vue", ".svelte"].includes(extname(target));
    const fixture = ["functions", "schema", "client", "migrations", "app"].find(
      (name) => name === basename(target, extname(target)),
    );
    if (isComponent) write(`${target}.ts`, "export default {} as never;\n");
    else if (fixture !== undefined) {
      const from = relative(dirname(target), join(import.meta.dirname, "fixture", fixture)).replaceAll("\\", "/");
      write(`${target.replace(/\.tsx?$/, "")}.ts`, `export * from "${from}${fixture === "app" ? ".tsx" : ".ts"}";\n`);
    } else
      throw new Error(`${document}:${line} imports "${specifier}", which it doesn't show. Show it, or import another.`);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function writeJson(path: string, value: object): void {
  write(path, JSON.stringify(value, null, 2));
}
