/**
 * The pod's sockets and the sessions they carry. A session lives as long as its socket, which may sleep: memory is only
 * a copy of the attachments, read back one by one as sessions are named, or all at once when a write needs everybody.
 */
import { EVERYTHING, PING, PONG, SUBPROTOCOL, parseClientFrame } from "@edgepod/core/protocol";
import type { HelloFrame, StaleFrame, WatchFrame } from "@edgepod/core/protocol";
import { Subscriptions } from "../reactivity/subscriptions.ts";
import type { Watcher } from "../reactivity/subscriptions.ts";
import { EVERY_TABLE, TableSet } from "../reactivity/table-set.ts";
import type { Versions } from "../reactivity/versions.ts";
import { packAttachment, unpackAttachment } from "./attachment.ts";
import type { Attachment } from "./attachment.ts";

/** The part of a Durable Object's state that carries sockets. */
export type SocketHost = Pick<
  DurableObjectState,
  "acceptWebSocket" | "getWebSockets" | "getTags" | "setWebSocketAutoResponse" | "getWebSocketAutoResponseTimestamp"
>;

/** An attachment holds 16 KiB: bits for so many tables, with room to spare. Past them a session watches everything. */
const MAX_TABLE_ID = 100_000;

/**
 * A socket that has asked for a sign of life and then been silent for so long has nobody at its other end: even a hidden
 * page asks every minute, and one that is frozen finds its way back.
 */
const SILENT_MS = 10 * 60_000;

/** The close code of a socket whose token has ended. */
const TOKEN_EXPIRED = 4401;
/** The close code of a socket at whose other end nobody seems to be. */
const SILENT = 4408;

export interface Session extends Watcher {
  readonly id: string;
  readonly socket: WebSocket;
  readonly identity: string;
  readonly expires: number | null;
  /** The number of the last `watch` frame that has been heeded. */
  n: number;
}

export interface SocketsOptions {
  readonly host: SocketHost;
  readonly versions: Versions;
  readonly epoch: () => string;
}

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #subscriptions = new Subscriptions<Session>();
  readonly #sessions = new Map<string, Session>();
  /** Whether `#sessions` is complete: not after a wake, until somebody needs it to be. */
  #isComplete = false;
  /** When the silent were last looked for, in milliseconds since 1970. */
  #sweptAt = 0;

  constructor(options: SocketsOptions) {
    this.#options = options;
    // Answered by the runtime: a client may ask every few seconds whether we are there, and wakes nobody.
    options.host.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Opens a socket and a session of its own for `identity`. */
  accept(identity: string, expires: number | null): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const id = crypto.randomUUID();
    this.#options.host.acceptWebSocket(server, [id]);
    const session: Session = { id, socket: server, identity, expires, n: 0, tables: new TableSet() };
    this.#sessions.set(id, session);
    this.#save(session);
    this.#hello(session);
    return new Response(null, { status: 101, webSocket: client, headers: { "sec-websocket-protocol": SUBPROTOCOL } });
  }

  /** The session of that name, if it is open and belongs to `identity`. */
  find(id: string, identity: string): Session | null {
    const session = this.#sessions.get(id) ?? this.#wake(id);
    return session?.identity === identity && !this.#hasExpired(session) ? session : null;
  }

  /** From now on the session hears of these tables, which have numbers. To be called in the turn in which they are read. */
  watch(session: Session, tables: readonly string[]): void {
    if (!this.#sessions.has(session.id)) return;
    const ids = tables.flatMap((table) => this.#knownIdOf(table) ?? []);
    if (this.#subscriptions.watch(session, ids)) this.#save(session);
  }

  /** Everybody who watches, those included who slept through the pod's last wake. */
  everybody(): Subscriptions<Session> {
    if (!this.#isComplete) {
      for (const socket of this.#options.host.getWebSockets()) this.#restore(socket);
      this.#isComplete = true;
    }
    // Here and not by a timer, which would keep the pod awake: who is never signalled needs no sweeping.
    if (Date.now() - this.#sweptAt > SILENT_MS) this.#sweep();
    return this.#subscriptions;
  }

  /** Greets again everybody who is connected: the epoch has changed under them, and nothing they watched counts. */
  greetAll(): void {
    this.everybody();
    for (const session of this.#sessions.values()) {
      this.#subscriptions.unwatch(session, [...session.tables]);
      this.#save(session);
      this.#hello(session);
    }
  }

  /** From now on nothing is sent: the sockets are in other hands. */
  retire(): void {
    this.#sessions.clear();
  }

  /** A text has come from a socket. */
  receive(socket: WebSocket, text: string): void {
    const session = this.#sessionOf(socket);
    const frame = parseClientFrame(text);
    if (!session || !frame) {
      socket.close(1008, "not a frame of this protocol");
      return;
    }
    this.#heed(session, frame);
  }

  /** A socket has closed. */
  forget(socket: WebSocket): void {
    const session = this.#sessions.get(this.#options.host.getTags(socket)[0] ?? "");
    if (session) this.#drop(session);
  }

  /** Sends a text, or gives the socket up, so that its client comes back and asks what it missed. */
  send(session: Session, text: string): void {
    if (!this.#sessions.has(session.id) || this.#hasExpired(session)) return;
    try {
      session.socket.send(text);
    } catch (error) {
      console.warn("[edgepod] A socket couldn't be written to and is closed.", String(error));
      this.#drop(session);
      session.socket.close(1011, "send failed");
    }
  }

  #heed(session: Session, { n, add, drop }: WatchFrame): void {
    const { versions } = this.#options;
    const dropped = drop.flatMap((table) => this.#knownIdOf(table) ?? []);
    if (versions.highestId <= MAX_TABLE_ID) this.#subscriptions.unwatch(session, dropped);
    const added = Object.keys(add).flatMap((table) => this.#knownIdOf(table) ?? []);
    this.#subscriptions.watch(session, added);
    session.n = n;
    this.#save(session);
    // A table that no query has read in this life can't be watched; an answer that claims to have read it is of another.
    const missed = Object.keys(add).filter(
      (table) => this.#knownIdOf(table) === null || add[table] !== versions.lastWrite(table),
    );
    if (missed.length === 0) return;
    const tables = missed.includes(EVERYTHING) ? EVERYTHING : missed;
    this.send(session, JSON.stringify({ type: "stale", tables, version: versions.current } satisfies StaleFrame));
  }

  #hello(session: Session): void {
    const { epoch, versions } = this.#options;
    const frame: HelloFrame = { type: "hello", session: session.id, epoch: epoch(), version: versions.current };
    this.send(session, JSON.stringify(frame));
  }

  #knownIdOf(table: string): number | null {
    if (table === EVERYTHING) return EVERY_TABLE;
    const id = this.#options.versions.idOf(table);
    return id !== null && id > MAX_TABLE_ID ? EVERY_TABLE : id;
  }

  #sessionOf(socket: WebSocket): Session | null {
    const id = this.#options.host.getTags(socket)[0];
    return id === undefined ? null : (this.#sessions.get(id) ?? this.#restore(socket));
  }

  #wake(id: string): Session | null {
    if (this.#isComplete) return null;
    const [socket] = this.#options.host.getWebSockets(id);
    return socket ? this.#restore(socket) : null;
  }

  #restore(socket: WebSocket): Session | null {
    if (socket.readyState !== WebSocket.OPEN) return null;
    const attachment = unpackAttachment(socket.deserializeAttachment());
    if (!attachment) {
      socket.close(1012, "the session can't be read any more");
      return null;
    }
    const known = this.#sessions.get(attachment.session);
    if (known) return known;
    const { session: id, ...rest } = attachment;
    const session: Session = { id, socket, ...rest };
    this.#sessions.set(id, session);
    this.#subscriptions.join(session);
    return session;
  }

  /** Closes the sockets that look open and have nobody at their other end. */
  #sweep(): void {
    const now = Date.now();
    this.#sweptAt = now;
    for (const session of this.#sessions.values()) {
      const heard = this.#options.host.getWebSocketAutoResponseTimestamp(session.socket);
      if (heard === null || now - heard.getTime() < SILENT_MS) continue;
      this.#drop(session);
      session.socket.close(SILENT, "nobody has asked for a sign of life for long");
    }
  }

  /** A socket doesn't outlive its token: its client comes back with a new one. */
  #hasExpired(session: Session): boolean {
    if (session.expires === null || Date.now() < session.expires) return false;
    this.#drop(session);
    session.socket.close(TOKEN_EXPIRED, "the token has expired");
    return true;
  }

  #drop(session: Session): void {
    this.#sessions.delete(session.id);
    this.#subscriptions.leave(session);
  }

  #save({ id, socket, identity, expires, n, tables }: Session): void {
    const attachment: Attachment = { session: id, identity, expires, n, tables };
    socket.serializeAttachment(packAttachment(attachment));
  }
}
