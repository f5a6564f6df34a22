import type { Status } from "@edgepod/core";
import { useStatus } from "@edgepod/react";

/** Whether signals reach this page. */
export function StatusLight() {
  const status = useStatus();
  return (
    <p className="status" role="status" data-status={status}>
      {WORDS[status]}
    </p>
  );
}

const WORDS: Readonly<Record<Status, string>> = {
  connecting: "Connecting …",
  connected: "Live",
  disconnected: "Offline: asking every 30 s",
};
