import { createSignal } from "solid-js";

interface TitleFieldProps {
  readonly title: string;
  readonly onRename: (title: string) => void;
}

/** A title that is typed over where it stands. Enter or leaving it saves, Escape gives the typing up. */
export function TitleField(props: TitleFieldProps) {
  const [typed, setTyped] = createSignal<string | null>(null);

  function finish() {
    const next = typed()?.trim() ?? "";
    setTyped(null);
    if (next !== "" && next !== props.title) props.onRename(next);
  }

  return (
    <input
      type="text"
      class="title"
      aria-label={`Title of: ${props.title}`}
      value={typed() ?? props.title}
      onInput={(event) => setTyped(event.target.value)}
      onBlur={finish}
      onKeyDown={({ key }) => {
        if (key === "Enter") finish();
        if (key === "Escape") setTyped(null);
      }}
    />
  );
}
