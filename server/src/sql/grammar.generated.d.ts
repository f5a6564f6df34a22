/** Evaluates node-sql-parser's SQLite build. Made by `scripts/bundle-grammar.mjs` at install. */
export declare function load(): { Parser: new () => { astify(sql: string, options: { database: string }): unknown } };
