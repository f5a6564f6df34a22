import type { Scenarios } from "../suite.ts";

export const errors: Scenarios = {};
