/** A client-side WebSocket inside workerd, which can open one to its own Worker only by `fetch`. */
import { exports } from "cloudflare:workers";

class WorkerdSocket extends EventTarget {
  readyState = 0;
  binaryType = "blob";
  #socket: WebSocket | null = null;

  constructor(url: string, protocols: string[]) {
    super();
    void this.#open(url.replace(/^ws/, "http"), protocols);
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  close(code = 1000, reason = ""): void {
    this.readyState = 2;
    this.#socket?.close(code, reason);
    this.#end(code, reason);
  }

  async #open(url: string, protocols: string[]): Promise<void> {
    const response = await exports.default.fetch(url, {
      headers: { upgrade: "websocket", "sec-websocket-protocol": protocols.join(", ") },
    });
    const socket = response.webSocket;
    if (!socket || this.readyState !== 0) {
      socket?.accept();
      socket?.close(1000, "not wanted any more");
      this.#end(1006, "");
      return;
    }
    this.#socket = socket;
    socket.addEventListener("message", ({ data }: MessageEvent) => {
      this.dispatchEvent(new MessageEvent("message", { data: data as unknown }));
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.#end(code, reason);
    });
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    socket.accept();
  }

  #end(code: number, reason: string): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean: code === 1000 }));
  }
}

// It has what partysocket uses of a WebSocket, and no more.
const socketClass: unknown = WorkerdSocket;

/** For `createHttpTransport`, in place of the global `WebSocket`. */
export const WorkerdWebSocket = socketClass as typeof WebSocket;
