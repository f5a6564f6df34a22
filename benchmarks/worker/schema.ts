import { integer, sqliteTable } from "@edgepod/server/schema";

export const ticks = sqliteTable("ticks", { id: integer("id").primaryKey(), n: integer("n").notNull() });

/** Twenty tables of one shape, so that most clients don't care for what one of them holds. */
export const shelves = Array.from({ length: 20 }, (_, at) =>
  sqliteTable(`shelf_${at}`, { id: integer("id").primaryKey(), n: integer("n").notNull() }),
);
