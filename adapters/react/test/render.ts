/** Renders into a page, and waits as a person would: until it shows what it should. */
import { act } from "react";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { onTestFinished } from "vitest";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

export interface Page {
  /** Everything that it shows. */
  text(): string;
  render(node: ReactNode): Promise<void>;
  click(button: string): Promise<void>;
}

export async function render(node: ReactNode): Promise<Page> {
  const container = document.createElement("div");
  document.body.append(container);
  const root = createRoot(container);
  onTestFinished(async () => {
    await act(async () => {
      root.unmount();
    });
    container.remove();
  });
  const page: Page = {
    text: () => container.textContent,
    render: (next) =>
      act(async () => {
        root.render(next);
      }),
    click: (button) =>
      act(async () => {
        const all = [...container.querySelectorAll("button")];
        all.find(({ textContent }) => textContent === button)?.click();
      }),
  };
  await page.render(node);
  return page;
}

/** Waits until `check` no longer throws: for two seconds at most. */
export async function until(check: () => void): Promise<void> {
  const end = Date.now() + 2000;
  for (;;) {
    await settle();
    try {
      check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Lets everything happen that is about to, after `begin` has. */
export function settle(begin?: () => void): Promise<void> {
  return act(async () => {
    begin?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
}
