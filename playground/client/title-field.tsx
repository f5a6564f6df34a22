import { useState } from "react";
import { useSaved } from "./use-saved.ts";

interface TitleFieldProps {
  readonly title: string;
  readonly onRename: (title: string) => Promise<unknown>;
}

/** A title that is typed over where it stands. Enter or leaving it saves, Escape gives the typing up. */
export function TitleField({ title, onRename }: TitleFieldProps) {
  const [saved, save] = useSaved(title, onRename);
  const [typed, setTyped] = useState<string | null>(null);

  function finish() {
    const next = typed?.trim() ?? "";
    setTyped(null);
    if (next !== "" && next !== saved) save(next);
  }

  return (
    <form
      className="title"
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
    >
      <input
        type="text"
        aria-label={`Title of: ${title}`}
        value={typed ?? saved}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={finish}
        onKeyDown={({ key }) => {
          if (key === "Escape") setTyped(null);
        }}
      />
    </form>
  );
}
