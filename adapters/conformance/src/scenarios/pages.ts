import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";
import { getTasks, titles } from "../uses.ts";

/** The page comes into view, or goes out of it. */
function turn(visibilityState: DocumentVisibilityState): void {
  Object.defineProperty(document, "visibilityState", { configurable: true, value: visibilityState });
  document.dispatchEvent(new Event("visibilitychange"));
}

export const hiddenPages: Scenarios = {
  "page-shown-missed": {
    shows: "shows what it slept through when the page is shown again, though its socket looks open",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      turn("hidden");
      pod.sleep();
      tasks.push({ id: 3, title: "Harvest" });
      await settle(() => pod.write("tasks"));
      pod.wake();
      await settle();
      expect(titles(page.shown()[0].data)).toBe("Sow, Water");
      turn("visible");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
    },
  },
  "page-shown-nothing-missed": {
    shows: "fetches nothing when the page is shown again and nothing was written",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      turn("hidden");
      await settle();
      turn("visible");
      await settle();
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "page-hidden-still-live": {
    shows: "goes on hearing of writes while the page is hidden",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      turn("hidden");
      tasks.pop();
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow"));
      turn("visible");
    },
  },
  "page-left-and-back": {
    shows: "shows what was written while the page was left, when the browser brings it back",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount({ use: "status" }, getTasks);
      await until(() => expect(page.shown()[1].data).toHaveLength(2));
      await until(() => expect(page.shown()[0]).toBe("connected"));
      await settle(() => window.dispatchEvent(new Event("pagehide")));
      expect(page.shown()[0]).toBe("disconnected");
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      window.dispatchEvent(new Event("pageshow"));
      await until(() => expect(page.shown()[0]).toBe("connected"));
      await until(() => expect(titles(page.shown()[1].data)).toBe("Sow, Water, Harvest"));
    },
  },
  "page-online": {
    shows: "connects again when the browser is online again",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await settle(() => pod.cut());
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      pod.admit();
      window.dispatchEvent(new Event("online"));
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
    },
  },
};
