import type { EdgePodError } from "@edgepod/core";

interface FailureProps {
  readonly error: EdgePodError | null;
  readonly onRetry?: () => void;
}

/** Says what went wrong, where something did. */
export function Failure({ error, onRetry }: FailureProps) {
  if (!error) return null;
  return (
    <p className="failure" role="alert">
      {error.message}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </p>
  );
}
