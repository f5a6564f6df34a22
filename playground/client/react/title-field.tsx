import { useState } from "react";

interface TitleFieldProps {
  readonly title: string;
  readonly onRename: (title: string) => void;
}

/** A title that is typed over where it stands. Enter or leaving it saves, Escape gives the typing up. */
export function TitleField({ title, onRename }: TitleFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);

  function finish() {
    const next = typed?.trim() ?? "";
    setTyped(null);
    if (next !== "" && next !== title) onRename(next);
  }

  return (
    <input
      type="text"
      className="title"
      aria-label={`Title of: ${title}`}
      value={typed ?? title}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={finish}
      onKeyDown={({ key }) => {
        if (key === "Enter") finish();
        if (key === "Escape") setTyped(null);
      }}
    />
  );
}
