/** Evaluates node-sql-parser's SQLite build. Made by the workspace's `scripts/bundle-grammar.mjs` at install. */
export declare function load(): { Parser: new () => { astify(sql: string, options: { database: string }): unknown } };
