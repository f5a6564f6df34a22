/** What happens to the rows of a list when their order changes: they glide, and the one in use stays in use. */

const STYLE = { duration: 260, easing: "cubic-bezier(0.2, 0, 0, 1)" } as const;

/** Lets rows glide to where they now are, for frameworks that bring nothing of their own for it. Returns what ends it. */
export function moveRows(list: HTMLElement): () => void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let tops = topsOf(list);
  return whenMoved(list, () => {
    const before = tops;
    tops = topsOf(list);
    if (calm.matches) return;
    for (const [row, top] of tops) {
      const last = before.get(row);
      if (last === undefined) row.animate({ opacity: [0, 1] }, STYLE);
      else if (last !== top) row.animate({ transform: [`translateY(${last - top}px)`, "none"] }, STYLE);
    }
  });
}

/** A row that is taken out and put elsewhere loses the focus, and a keyboard its place: gives it back. */
export function keepFocus(list: HTMLElement): () => void {
  let inUse: HTMLElement | null = null;
  const used = ({ target, type }: Event): void => {
    const isHere = type === "focusin" && target instanceof HTMLElement && list.contains(target);
    inUse = isHere ? target : null;
  };
  document.addEventListener("focusin", used);
  document.addEventListener("pointerdown", used);
  const end = whenMoved(list, () => {
    if (inUse?.isConnected && document.activeElement === document.body) inUse.focus({ preventScroll: true });
  });
  return () => {
    document.removeEventListener("focusin", used);
    document.removeEventListener("pointerdown", used);
    end();
  };
}

/** Calls back after rows have changed and before that is painted. */
function whenMoved(list: HTMLElement, moved: () => void): () => void {
  const observer = new MutationObserver(moved);
  observer.observe(list, { childList: true });
  return () => {
    observer.disconnect();
  };
}

function topsOf(list: HTMLElement): ReadonlyMap<Element, number> {
  return new Map([...list.children].map((row) => [row, (row as HTMLElement).offsetTop]));
}
