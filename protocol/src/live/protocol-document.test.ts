// PROTOCOL.md and the code say the same: its examples are validated, its tables compared, its client run.

import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { streamNamePattern } from "../streams.ts";
import { encodeMessage } from "./encode.ts";
import { closeCodes, errorCodes } from "./errors.ts";
import { defaultLimits } from "./limits.ts";
import { parseClientMessage } from "./parse-client.ts";
import { parseServerMessage } from "./parse-server.ts";

const document = readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8");

function blocks(language: string): { info: string; text: string }[] {
  const found = document.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm);
  return [...found].flatMap(([, name, info, text]) =>
    name === language ? [{ info: (info ?? "").trim(), text: text ?? "" }] : [],
  );
}

const examples = blocks("json");

test("there are examples of every message", () => {
  const types = new Set(examples.map(({ text }) => JSON.parse(text).type));
  for (const type of ["hello", "hello-ack", "log", "export", "ack", "error", "goodbye"]) expect(types).toContain(type);
});

test.each(examples)("example $info: $text", ({ info, text }) => {
  const [side, code] = info.split(" ");
  if (side === "client") expect(parseClientMessage(text)).toMatchObject({ ok: true });
  else if (side === "server") expect(parseServerMessage(text)).toMatchObject({ ok: true });
  else if (side === "refused") expect(parseClientMessage(text)).toMatchObject({ ok: false, error: { code } });
  else throw new Error(`a JSON block is "json client", "json server" or "json refused CODE", not "json ${info}"`);
});

function firstColumn(heading: string): string[] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `?([^|`]+?)`? \|/gm)]
    .map((match) => match[1] ?? "")
    .filter((cell) => !/^-+$|^code$/.test(cell));
}

test("the error codes are the documented ones", () => {
  expect(firstColumn("Error codes").sort()).toEqual(Object.values(errorCodes).sort());
});

test("the close codes are the documented ones", () => {
  expect(firstColumn("Close codes").map(Number)).toEqual(Object.values(closeCodes));
});

test("the limits and the names' pattern are the documented ones", () => {
  const { maxTextLength, maxBinaryBytes, maxDepth, maxClientIdLength, maxAttributes } = defaultLimits;
  for (const limit of [maxTextLength, maxBinaryBytes, maxDepth, maxClientIdLength, maxAttributes]) {
    expect(document).toContain(`| ${limit.toLocaleString("en")} `.replace(/ $/, ""));
  }
  expect(document).toContain(`\`${streamNamePattern.source}\``);
});

test("the twenty-line client speaks the protocol", () => {
  const source = blocks("js")[0]?.text ?? "";
  const sent: string[] = [];
  const listeners: { [type: string]: () => void } = {};
  class WebSocket {
    readyState = 1;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    constructor() {
      opened = this;
    }
    send(text: string): void {
      sent.push(text);
    }
  }
  let opened: WebSocket | undefined;
  const scope = {
    WebSocket,
    crypto: { randomUUID: () => "id" },
    location: { href: "http://localhost:3000/" },
    addEventListener: (type: string, listener: () => void) => {
      listeners[type] = listener;
    },
    log: undefined as ((severityNumber: number, severityText: string, body: unknown) => void) | undefined,
  };
  runInNewContext(source, scope);
  opened?.onopen?.();
  scope.log?.(9, "log", "before the answer");
  const ack = { sessionId: "s", streamName: "browser:localhost-3000", lastSequence: 0, window: 1, maxMessageBytes: 1 };
  opened?.onmessage?.({ data: encodeMessage("hello-ack", ack, { clientId: "id", timestamp: 1 }) });
  scope.log?.(17, "error", { any: ["json"] });
  listeners.pagehide?.();

  const messages = sent.map((text) => parseClientMessage(text));
  expect(messages.every(({ ok }) => ok)).toBe(true);
  expect(sent.map((text) => JSON.parse(text).type)).toEqual(["hello", "log", "log", "goodbye"]);
  expect(JSON.parse(sent[2] ?? "").meta.sessionId).toBe("s");
  expect(source.trim().split("\n").length).toBeLessThanOrEqual(20);
});
