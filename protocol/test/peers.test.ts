// Payloads that other people's writers produced: each reads, and is itself again after a round trip.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Logs, logsFromJson, OpaqueBatch, opaqueFromJson } from "../src/otlp/index.ts";

const directory = fileURLToPath(new URL("../fixtures/peers", import.meta.url));
const files = readdirSync(directory);

test("there are payloads of every signal, encoding and writer", () => {
  for (const part of ["logs-", "traces-", "metrics-", ".json", ".pb", "otel-js", "effect", "faro"]) {
    expect([part, files.some((file) => file.includes(part))]).toEqual([part, true]);
  }
});

test.each(files)("%s", (file) => {
  const bytes = new Uint8Array(readFileSync(join(directory, file)));
  const signal = file.slice(0, file.indexOf("-")) as "logs" | "traces" | "metrics";
  const read = (from: Uint8Array) =>
    signal === "logs" ? Logs.fromProtobuf(from) : OpaqueBatch.fromProtobuf(signal, from);
  if (file.endsWith(".pb")) {
    const batch = read(bytes);
    expect(batch.itemCount > 0 || isEmpty(file)).toBe(true);
    expect(Buffer.from(batch.encode()).equals(bytes)).toBe(true);
    const again = signal === "logs" ? logsFromJson(batch.toJson()).logs : opaqueFromJson(signal, batch.toJson()).batch;
    expect(withoutDefaults(again.toJson())).toEqual(withoutDefaults(batch.toJson()));
    return;
  }
  const result = signal === "logs" ? logsFromJson(bytes) : opaqueFromJson(signal, bytes);
  const batch = "logs" in result ? result.logs : result.batch;
  expect([result.rejected, result.message]).toEqual([0, undefined]);
  expect(batch.itemCount > 0 || isEmpty(file)).toBe(true);
  expect(read(batch.encode()).toJson()).toBe(batch.toJson());
});

/** Effect posts its resource also where there is no metric yet. */
function isEmpty(file: string): boolean {
  return file.startsWith("metrics-effect");
}

/** Fields outside a oneof whose default a writer may write or leave out. */
const plain = /^(dropped\w+Count|flags|version|description|unit|traceState|parentSpanId|message|code|kind)$/;

function withoutDefaults(json: string): unknown {
  return JSON.parse(json, (key, value) => (plain.test(key) && (value === 0 || value === "") ? undefined : value));
}
