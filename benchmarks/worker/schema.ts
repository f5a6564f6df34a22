import { integer, sqliteTable } from "@edgepod/server/schema";

export const ticks = sqliteTable("ticks", { id: integer("id").primaryKey(), n: integer("n").notNull() });
