/** A TCP proxy that can cut or swallow a page's signals: connections that ask for `/ws`. All others go on. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";

export interface Proxy {
  readonly url: string;
  /** Ends every open socket of ours, and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /** From now on nothing passes over the sockets that are open, in either direction, and neither end is told. */
  swallow(): void;
  close(): Promise<void>;
}

export async function startProxy(port: number): Promise<Proxy> {
  const all = new Set<Socket>();
  const signals = new Set<Socket>();
  /** Half-open: whoever hangs up does so alone. */
  const swallowed = new Set<Socket>();
  let isCut = false;

  const server = createServer((incoming) => {
    keep(all, incoming);
    incoming.once("data", (first: Buffer) => {
      if (first.toString("latin1").startsWith("GET /ws ")) {
        if (isCut) {
          incoming.destroy();
          return;
        }
        keep(signals, incoming);
      }
      const outgoing = connect({ port, host: "localhost" });
      keep(all, outgoing);
      const pass = (from: Socket, to: Socket): void => {
        from.on("data", (bytes) => {
          if (!swallowed.has(incoming)) to.write(bytes);
        });
        from.on("end", () => {
          if (!swallowed.has(incoming)) to.end();
        });
      };
      incoming.on("close", () => !swallowed.has(incoming) && outgoing.destroy());
      outgoing.on("close", () => !swallowed.has(incoming) && incoming.destroy());
      outgoing.write(first);
      pass(incoming, outgoing);
      pass(outgoing, incoming);
    });
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return {
    url: `http://localhost:${address.port}/`,
    cut: () => {
      isCut = true;
      for (const socket of signals) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    swallow: () => {
      for (const socket of signals) swallowed.add(socket);
    },
    close: async () => {
      for (const socket of all) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function keep(set: Set<Socket>, socket: Socket): void {
  set.add(socket);
  socket.on("close", () => set.delete(socket));
  // A connection that breaks is closed as well, which is all that matters here.
  socket.on("error", () => undefined);
}
