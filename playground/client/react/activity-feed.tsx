import { useInfiniteQuery } from "@edgepod/react";
import { clock, nextLine } from "../shared/model.ts";
import { Failure } from "./failure.tsx";

/** What happened, page by page. */
export function ActivityFeed() {
  const { pages, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    "getActivity",
    (before: number | null) => ({ before }),
    { getNextCursor: nextLine },
  );
  return (
    <section className="feed" aria-labelledby="activity-heading">
      <h2 id="activity-heading">Activity</h2>
      <Failure error={error} />
      <ol className="lines card">
        {pages?.flat().map(({ id, what, title, at }) => (
          <li key={id} className="line">
            <span className="what">{what}</span> <span className="of">{title}</span>
            <time dateTime={at.toISOString()}>{clock(at)}</time>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <button type="button" className="more" aria-disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Older
        </button>
      )}
    </section>
  );
}
