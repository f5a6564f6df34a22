import type { Scenarios } from "../suite.ts";

export const mutations: Scenarios = {};
