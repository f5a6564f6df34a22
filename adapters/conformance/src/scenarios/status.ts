import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";
import { getTasks, inTurn, titles } from "../uses.ts";

const light = { use: "status" } as const;

export const status: Scenarios = {
  "status-connects": {
    shows: "says connecting, then connected, without anybody asking",
    run: async ({ pod, mount, settle, until }) => {
      pod.shut();
      const page = await mount(light, getTasks);
      await settle();
      expect(page.shown()[0]).toBe("connecting");
      pod.open();
      await until(() => expect(page.shown()[0]).toBe("connected"));
      expect(inTurn(page.seen().map(([now]) => now))).toEqual(["connecting", "connected"]);
    },
  },
  "status-disconnects": {
    shows: "says disconnected when the socket is gone, and connected when it is back",
    run: async ({ pod, mount, until }) => {
      const page = await mount(light, getTasks);
      await until(() => expect(page.shown()[0]).toBe("connected"));
      pod.cut();
      await until(() => expect(page.shown()[0]).toBe("disconnected"));
      pod.open();
      await until(() => expect(page.shown()[0]).toBe("connected"));
      expect(inTurn(page.seen().map(([now]) => now)).slice(-3)).toEqual(["connected", "disconnected", "connected"]);
    },
  },
  "status-seen-late": {
    shows: "says connected at once to a component that is mounted later",
    run: async ({ mount, until }) => {
      const first = await mount(light, getTasks);
      await until(() => expect(first.shown()[0]).toBe("connected"));
      const second = await mount(light);
      expect(second.seen()[0]?.[0]).toBe("connected");
    },
  },
  "reconnect-missed": {
    shows: "refetches what was written while the socket was gone",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await settle(() => pod.cut());
      tasks.push({ id: 3, title: "Harvest" });
      await settle(() => pod.write("tasks"));
      expect(titles(page.shown()[0].data)).toBe("Sow, Water");
      pod.open();
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
      expect(pod.calls).toEqual(["getTasks", "getTasks"]);
    },
  },
  "reconnect-nothing-missed": {
    shows: "fetches nothing when the socket comes back and nothing was written",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await settle(() => pod.cut());
      await settle(() => pod.open());
      await settle();
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "reconnect-still-watched": {
    shows: "hears of writes on the second socket too",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await settle(() => pod.cut());
      await settle(() => pod.open());
      tasks.pop();
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow"));
    },
  },
  "restored-to-older": {
    shows: "goes back to an older state when the pod was restored to one",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
      tasks.pop();
      pod.restore();
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water"));
    },
  },
};
