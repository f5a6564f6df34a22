/** The pod of a run, and what may happen to it: it sleeps, dies, is deployed, and its data are replaced. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { Call, PodStep } from "./steps.ts";
import type { Shown } from "./visitor.ts";
import { API_KEY } from "./worker.ts";

/** The pod can't fall asleep while a timer of its own runs, which is this long at most. */
const PODS_TIMERS_MS = 25;
/** Milliseconds in which a pod that has nothing to do must have come to rest. */
const REST_MS = 5000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export class ModelPod {
  readonly name = `pod-${crypto.randomUUID()}.test`;
  /** What went wrong that never may, in words. */
  readonly wrong: string[] = [];
  #dump: Blob | null = null;

  async take(step: PodStep, running: ReadonlySet<Promise<void>>): Promise<void> {
    switch (step.do) {
      case "sleep pod":
        return this.#sleep(running);
      case "evict pod":
        return this.#evict("close");
      case "abort pod":
        return this.#abort();
      case "redeploy":
        return this.#redeploy(running);
      case "restore":
        return this.#restore();
      case "export":
        return this.#export();
      case "import":
        return this.#import();
      case "delete all":
        return this.#deleteAll();
      default:
        return step.do satisfies never;
    }
  }

  /** A call by another Worker. */
  async call({ fn, args }: Call): Promise<void> {
    const calling: Promise<unknown> = this.#stub.call({ fn, args });
    await calling.catch(() => undefined);
  }

  /** What the database says now. */
  async ask({ fn, args }: Call, token: string | null): Promise<Shown> {
    const response = await exports.default.fetch(`https://${this.name}/rpc/${fn}`, {
      method: "POST",
      headers: {
        "x-edgepod-key": API_KEY,
        "x-edgepod-intent": "query",
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ args }),
    });
    const { data, error } = await response.json<{ data?: unknown; error?: { code: string } }>();
    return { data, code: error?.code ?? null };
  }

  /** It falls asleep when it has nothing to do; its sockets stay. */
  async #sleep(running: ReadonlySet<Promise<void>>): Promise<void> {
    await Promise.race([Promise.all(running), sleep(100)]);
    await sleep(PODS_TIMERS_MS);
    await this.#evict("hibernate");
  }

  async #evict(webSockets: "close" | "hibernate"): Promise<void> {
    const evicted = evictDurableObject(this.#stub, { webSockets }).catch(() => undefined);
    const isDone = await Promise.race([evicted.then(() => true), sleep(REST_MS).then(() => false)]);
    if (!isDone) this.wrong.push("the pod never comes to rest");
  }

  async #abort(): Promise<void> {
    await runInDurableObject(this.#stub, (_pod, state) => {
      state.abort("the model says so");
    }).catch(() => undefined);
  }

  /** Other code, with other answers, from now on: the pod finds another build written down than its own when it wakes. */
  async #redeploy(running: ReadonlySet<Promise<void>>): Promise<void> {
    await runInDurableObject(this.#stub, (_pod, state) => {
      state.storage.sql.exec("UPDATE _edgepod_epoch SET life = ?, build = 'another'", crypto.randomUUID());
      state.storage.sql.exec("UPDATE people SET name = name || '!'");
    }).catch(() => undefined);
    await this.#sleep(running);
  }

  /** The data is another, its versions begin anew, and its life too. Such a thing ends with the pod's start. */
  async #restore(): Promise<void> {
    await runInDurableObject(this.#stub, async (_pod, state) => {
      state.storage.sql.exec(
        `UPDATE _edgepod_epoch SET life = '${crypto.randomUUID()}'; UPDATE _edgepod_versions SET pod = 0, everything = 0;
        UPDATE _edgepod_tables SET version = 0; UPDATE people SET name = name || ' of old'; DELETE FROM notes`,
      );
      await state.storage.sync();
      state.abort("the model restores it");
    }).catch(() => undefined);
  }

  /** Keeps what the pod holds now. */
  async #export(): Promise<void> {
    try {
      const stream: ReadableStream<Uint8Array> = await this.#stub.exportData();
      this.#dump = await new Response(stream).blob();
    } catch (error) {
      this.wrong.push(`the export failed: ${String(error)}`);
    }
  }

  /** What was kept last comes back, under everybody who is connected and whatever runs. */
  async #import(): Promise<void> {
    if (!this.#dump) await this.#export();
    if (!this.#dump) return;
    const stream = this.#dump.stream() as ReadableStream<Uint8Array>;
    const done: Promise<unknown> = this.#stub.importData(stream, { replace: true });
    await done.catch((error: unknown) => this.wrong.push(`the import failed: ${String(error)}`));
  }

  /** Everything is gone, as on its first day. */
  async #deleteAll(): Promise<void> {
    await runInDurableObject(this.#stub, (_pod, state) => state.storage.deleteAll()).catch((error: unknown) => {
      this.wrong.push(`deleteAll failed: ${String(error)}`);
    });
  }

  get #stub() {
    return env.POD.getByName(this.name);
  }
}
