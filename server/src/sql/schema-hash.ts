/** A short name for a schema: the same for the same tables, views and triggers, whatever rows they hold. */
import type { Storage } from "../storage.ts";
import { isHidden, isOwn } from "./names.ts";

/** Leaves out the engine's own tables, so that making one changes nothing. */
export function schemaHash(storage: Storage): string {
  const rows = storage
    .exec("SELECT tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
    .toArray();
  const texts = rows.flatMap(({ tbl_name: table, sql }) =>
    typeof table === "string" && typeof sql === "string" && !isOwn(table) && !isHidden(table) ? [sql] : [],
  );
  return hash([String(recursiveTriggers(storage)), ...texts]);
}

/** Whether the rows that REPLACE deletes fire triggers. A pragma of the connection, off unless somebody sets it. */
export function recursiveTriggers(storage: Storage): boolean {
  return storage.exec("PRAGMA recursive_triggers").toArray()[0]?.["recursive_triggers"] === 1;
}

/** 64 bits, for two schemas of one pod don't choose their texts to collide. */
function hash(texts: readonly string[]): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const text = texts.join("\0");
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [high, low].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}
