import type { Scenarios } from "../suite.ts";

export const options: Scenarios = {};
