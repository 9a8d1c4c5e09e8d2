// A collector for tests on a real socket: it speaks the protocol, remembers what it took, and can be made to fail.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientMessage, HelloPayload, ServerMessage } from "@chriscode/devmux-telemetry-protocol";
import { encodeMessage, parseClientMessage } from "@chriscode/devmux-telemetry-protocol";
import { type WebSocket, WebSocketServer } from "ws";

/** One record as it arrived, its values as plain data. */
export interface ReceivedRecord {
  readonly uid: string;
  readonly body: unknown;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string | undefined;
  readonly timeUnixNano: string;
  readonly attributes: { readonly [key: string]: unknown };
  readonly scope: string;
  readonly resource: { readonly [key: string]: unknown };
  /** Bytes of it as OTLP/JSON. */
  readonly bytes: number;
}

export interface Behaviour {
  /** What it does with an `export`. Default: takes it and acknowledges. */
  onExport?: (message: Extract<ClientMessage, { type: "export" }>, answer: Answer) => "take" | "ignore" | "answered";
  /** Instead of a hello-ack. */
  onHello?: (answer: Answer) => void;
  window?: number;
  maxMessageBytes?: number;
}

export interface Answer {
  send<Type extends ServerMessage["type"]>(
    type: Type,
    payload: Extract<ServerMessage, { type: Type }>["payload"],
  ): void;
  raw(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

export interface CollectorDouble {
  readonly url: string;
  readonly port: number;
  readonly behaviour: Behaviour;
  /** Every record that was taken, in order, but for the events of a session and a page. */
  readonly records: readonly ReceivedRecord[];
  /** Those, in order. */
  readonly events: readonly ReceivedRecord[];
  /** Bodies of OTLP/HTTP requests, in order; their records are among the others. */
  readonly posts: readonly object[];
  readonly hellos: readonly HelloPayload[];
  /** Types of all messages, in order. */
  readonly messages: readonly string[];
  /** Messages that the validator refused. */
  readonly faults: readonly string[];
  readonly connections: number;
  /** Resolves when the condition holds, looked at after each message and each end. */
  until(condition: () => boolean): Promise<void>;
  /** Cuts every connection, without a close frame. */
  cut(): void;
  /** Cuts, forgets every client and stops listening, as `kill -9` does. */
  kill(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function createCollectorDouble(behaviour: Behaviour = {}): Promise<CollectorDouble> {
  const records: ReceivedRecord[] = [];
  const events: ReceivedRecord[] = [];
  const posts: object[] = [];
  const hellos: HelloPayload[] = [];
  const messages: string[] = [];
  const faults: string[] = [];
  const waiters = new Set<() => void>();
  let taken = new Map<string, number>();
  let connections = 0;
  let http: Server;
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;

  async function listen(onPort: number): Promise<WebSocketServer> {
    http = createServer(takePost);
    http.listen(onPort, "127.0.0.1");
    await once(http, "listening");
    const made = new WebSocketServer({ server: http });
    made.on("connection", accept);
    return made;
  }

  function takePost(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    response.setHeader("access-control-allow-headers", "content-type, authorization");
    let text = "";
    request.on("data", (data) => {
      text += data;
    });
    request.on("end", () => {
      if (request.method === "POST" && request.url === "/v1/logs") {
        posts.push(JSON.parse(text));
        keep(JSON.parse(text));
      }
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
      notify();
    });
  }

  function notify(): void {
    for (const waiter of waiters) waiter();
  }

  function accept(socket: WebSocket): void {
    connections++;
    socket.on("error", () => {});
    socket.on("close", notify);
    socket.on("message", (data) => {
      const parsed = parseClientMessage(String(data));
      if (parsed.ok) receive(parsed.message, answerTo(socket, parsed.message.meta.clientId));
      else faults.push(parsed.error.error);
      notify();
    });
    notify();
  }

  function answerTo(socket: WebSocket, clientId: string): Answer {
    return {
      send: (type, payload) => socket.send(encodeMessage(type, payload as never, { clientId, timestamp: Date.now() })),
      raw: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
    };
  }

  function receive(message: ClientMessage, answer: Answer): void {
    messages.push(message.type);
    if (message.type === "hello") {
      hellos.push(message.payload);
      if (behaviour.onHello !== undefined) return behaviour.onHello(answer);
      answer.send("hello-ack", {
        sessionId: `session-${connections}`,
        streamName: "browser:localhost-3000",
        lastSequence: taken.get(message.meta.clientId) ?? 0,
        window: behaviour.window ?? 16,
        maxMessageBytes: behaviour.maxMessageBytes ?? 1_048_576,
      });
    }
    if (message.type !== "export") return;
    if ((behaviour.onExport?.(message, answer) ?? "take") !== "take") return;
    const { clientId } = message.meta;
    const { sequence, request } = message.payload;
    if (sequence > (taken.get(clientId) ?? 0)) {
      taken.set(clientId, sequence);
      keep(request);
    }
    answer.send("ack", { sequence });
  }

  function keep(request: object): void {
    for (const record of readRequest(request)) (record.scope === "devmux.events" ? events : records).push(record);
  }

  async function stop(): Promise<void> {
    for (const socket of server.clients) socket.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  }

  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    behaviour,
    records,
    events,
    posts,
    hellos,
    messages,
    faults,
    get connections() {
      return connections;
    },
    until(condition) {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!condition()) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      });
    },
    cut() {
      for (const socket of server.clients) socket.terminate();
    },
    async kill() {
      await stop();
      taken = new Map();
    },
    async restart() {
      server = await listen(port);
    },
    close: stop,
  };
}

interface JsonValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number | string;
  bytesValue?: string;
  arrayValue?: { values: JsonValue[] };
  kvlistValue?: { values: JsonPair[] };
}

interface JsonPair {
  key: string;
  value: JsonValue;
}

export function readValue(value: JsonValue | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (value.bytesValue !== undefined) return Buffer.from(value.bytesValue, "base64");
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(readValue);
  if (value.kvlistValue !== undefined) return readPairs(value.kvlistValue.values);
  return null;
}

function readPairs(pairs: JsonPair[]): { [key: string]: unknown } {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, readValue(value)]));
}

export interface JsonRequest {
  resourceLogs: {
    resource: { attributes?: JsonPair[] };
    scopeLogs: { scope: { name: string }; logRecords: JsonRecord[] }[];
  }[];
}

interface JsonRecord {
  timeUnixNano: string;
  severityNumber: number;
  severityText: string;
  eventName?: string;
  body?: JsonValue;
  attributes: JsonPair[];
}

export function readRequest(request: object): ReceivedRecord[] {
  return (request as JsonRequest).resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map((record) => {
        const attributes = readPairs(record.attributes);
        return {
          uid: String(attributes["log.record.uid"]),
          body: readValue(record.body),
          severityNumber: record.severityNumber,
          severityText: record.severityText,
          eventName: record.eventName,
          timeUnixNano: record.timeUnixNano,
          attributes,
          scope: scope.name,
          resource: readPairs(resource.attributes ?? []),
          bytes: Buffer.byteLength(JSON.stringify(record)),
        };
      }),
    ),
  );
}
