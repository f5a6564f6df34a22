import type { Scenarios } from "../suite.ts";

export const status: Scenarios = {};
