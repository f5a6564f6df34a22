import type { EdgePodError } from "@edgepod/core";

/** Says what went wrong, where something did. */
export function Failure({ error }: { readonly error: EdgePodError | null }) {
  return (
    error && (
      <p className="failure" role="alert">
        {error.message}
      </p>
    )
  );
}
