import type { Scenarios } from "../suite.ts";

export const infinite: Scenarios = {};
