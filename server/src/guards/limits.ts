/** What SQLite says when a statement goes past one of the platform's limits, in words that help. */
import { EdgePodError } from "@edgepod/core/protocol";

interface Limit {
  readonly says: RegExp;
  readonly limit: string;
  readonly wayOut: string;
}

// The limits are Cloudflare's own and lower than SQLite's; each was met in workerd.
const LIMITS: readonly Limit[] = [
  {
    says: /too many columns in result set/,
    limit: "a result has at most 100 columns",
    wayOut: "Select the columns that you need.",
  },
  {
    says: /too many columns on/,
    limit: "a table has at most 100 columns",
    wayOut: "Split the table.",
  },
  {
    says: /too many terms in compound SELECT/,
    limit: "UNION, INTERSECT and EXCEPT join at most 5 selects",
    wayOut: "Join them in a subquery of fewer, or run several statements.",
  },
  {
    says: /Expression tree is too large|parser stack overflow/,
    limit: "an expression is at most 100 levels deep, and each further condition of and() or or() is a level",
    wayOut: "Use inArray() in place of many or().",
  },
  {
    says: /LIKE or GLOB pattern too complex/,
    limit: "the pattern of LIKE or GLOB has at most 50 bytes",
    wayOut: "Use instr(), or a full-text index (FTS5).",
  },
  {
    says: /statement too long/,
    limit: "a statement's text has at most 100 KB",
    wayOut: "Bind values as parameters, or run several statements in a transaction.",
  },
  {
    says: /string or blob too big|SQLITE_TOOBIG/,
    limit: "a value, and a row as a whole, has at most 2 MB",
    wayOut: "Split it, or keep it in an object store.",
  },
  {
    // Documented as 32. What Drizzle makes of a relation has an argument for each column, so the documented limit isn't
    // made one where the runtime has 127.
    says: /too many arguments on function/,
    limit: "a function takes at most 127 arguments",
    wayOut: "Nest the calls.",
  },
  {
    says: /too many SQL variables|variable number must be between/,
    limit: "a statement binds at most 100 parameters",
    wayOut: "Number none of them and write one statement at a time: then more than 100 simply work.",
  },
];

/** The error as ours if it is about a limit, else as it was. */
export function explainLimit(error: unknown, subject: () => string): unknown {
  if (!(error instanceof Error)) return error;
  const found = LIMITS.find(({ says }) => says.test(error.message));
  if (!found) return error;
  return new EdgePodError(
    "LIMIT_EXCEEDED",
    `A statement on ${subject()} is past a limit: ${found.limit}. ${found.wayOut}`,
    {
      cause: error,
    },
  );
}
