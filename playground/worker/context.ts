import type { Context } from "@edgepod/server";
import type * as schema from "./schema.ts";

export type Ctx = Context<typeof schema>;
