import { Show } from "solid-js";
import type { EdgePodError } from "@edgepod/core";

/** Says what went wrong, where something did. */
export function Failure(props: { readonly error: EdgePodError | null | undefined }) {
  return (
    <Show when={props.error}>
      {(error) => (
        <p class="failure" role="alert">
          {error().message}
        </p>
      )}
    </Show>
  );
}
