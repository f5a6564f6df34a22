import { For, Show } from "solid-js";
import { useInfiniteQuery } from "@edgepod/solid";
import { clock, nextLine } from "../shared/model.ts";
import { Failure } from "./failure.tsx";

/** What happened, page by page. */
export function ActivityFeed() {
  const feed = useInfiniteQuery("getActivity", (before: number | null) => ({ before }), { getNextCursor: nextLine });
  return (
    <section class="feed" aria-labelledby="activity-heading">
      <h2 id="activity-heading">Activity</h2>
      <Failure error={feed.error} />
      <ol class="lines card">
        <For each={feed.latest?.flat()}>
          {(line) => (
            <li class="line">
              <span class="what">{line.what}</span> <span class="of">{line.title}</span>
              <time dateTime={line.at.toISOString()}>{clock(line.at)}</time>
            </li>
          )}
        </For>
      </ol>
      <Show when={feed.hasNextPage}>
        <button
          type="button"
          class="more"
          aria-disabled={feed.isFetchingNextPage}
          onClick={() => void feed.fetchNextPage()}
        >
          Older
        </button>
      </Show>
    </section>
  );
}
