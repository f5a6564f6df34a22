import { For } from "solid-js";

interface OptionsProps {
  readonly of: readonly { readonly id: number; readonly name: string }[] | undefined;
  readonly chosen: number | null | undefined;
}

/** What a select field offers. The chosen one says so itself: the field can't choose what isn't there yet. */
export function Options(props: OptionsProps) {
  return (
    <For each={props.of}>
      {(one) => (
        <option value={one.id} selected={one.id === props.chosen}>
          {one.name}
        </option>
      )}
    </For>
  );
}
