import type { ReactNode } from "react";
import type { QueryResult } from "@edgepod/core";
import { Failure } from "./failure.tsx";

interface LoadedProps<T> {
  readonly query: QueryResult<T>;
  /** What it is, for a sentence: "the tasks". */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** Shows a query's data; until there is any, that it is coming; and whenever fetching fails, why. */
export function Loaded<T>({ query: { data, error, isLoading, refetch }, what, children }: LoadedProps<T>) {
  return (
    <>
      {isLoading && <p className="card empty">Loading {what} …</p>}
      <Failure error={error} onRetry={() => void refetch()} />
      {data !== undefined && children(data)}
    </>
  );
}
