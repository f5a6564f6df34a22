/** Evaluates node-sql-parser's SQLite build. Made by `scripts/generate.mjs` at install. */
export declare function load(): { Parser: new () => { astify(sql: string, options: { database: string }): unknown } };

/** Names this engine: another parser or other sources have another name. */
export declare const ENGINE_BUILD: string;
