/**
 * `@edgepod/server/schema`: Drizzle's builders for a schema file. Safe to load in Node, where drizzle-kit reads it; the
 * rest of the server needs a Worker.
 */
export { relations, sql } from "drizzle-orm";
export {
  blob,
  check,
  customType,
  foreignKey,
  index,
  integer,
  numeric,
  primaryKey,
  real,
  sqliteTable,
  sqliteView,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
