import { describe, expect, test } from "vitest";
import { type LogRecordInit, Logs, LogsBuilder } from "./index.ts";

const base: LogRecordInit = {
  timeMs: 1_700_000_000_000,
  observedTimeMs: 1_700_000_000_001,
  severityNumber: 17,
  severityText: "ERROR",
  body: { message: "no" },
  attributes: { uid: "a-1", file: "x.ts" },
  eventName: "exception",
  traceId: "0102030405060708090a0b0c0d0e0f10",
  spanId: "0102030405060708",
  flags: 1,
};

function identityOf(change: LogRecordInit = {}): string {
  const builder = new LogsBuilder({ "service.name": "shop" }, { name: "s" });
  builder.add({ ...base, ...change });
  const [only] = Array.from(
    builder.build().identities((key) => key === "uid"),
    ({ content }) => [...content].join(),
  );
  return only!;
}

describe("records that say the same", () => {
  test.each<[string, LogRecordInit]>([
    ["at another time", { timeMs: 1, observedTimeMs: 2 }],
    ["in another trace", { traceId: "ff02030405060708090a0b0c0d0e0f10", spanId: "ff02030405060708", flags: 0 }],
    ["with another ignored attribute", { attributes: { uid: "b-7", file: "x.ts" } }],
    ["without the ignored attribute", { attributes: { file: "x.ts" } }],
  ])("%s", (_what, change) => expect(identityOf(change)).toBe(identityOf()));

  test.each<[string, LogRecordInit]>([
    ["another body", { body: { message: "yes" } }],
    ["another severity", { severityNumber: 13 }],
    ["another severity's text", { severityText: "ERR" }],
    ["another event", { eventName: "x" }],
    ["another attribute", { attributes: { uid: "a-1", file: "y.ts" } }],
    ["one attribute more", { attributes: { uid: "a-1", file: "x.ts", more: 1 } }],
  ])("are others with %s", (_what, change) => expect(identityOf(change)).not.toBe(identityOf()));
});

test("origins tell resources and scopes apart, also in a batch that was merged and edited", () => {
  const batchOf = (service: string, scope: string) => {
    const builder = new LogsBuilder({ "service.name": service }, { name: scope });
    builder.add({ body: "x" });
    return builder.build();
  };
  const parts = [batchOf("a", "s"), batchOf("b", "s"), batchOf("a", "t"), batchOf("a", "s"), batchOf("as", "")];
  const merged = Logs.merge(parts).withResourceAttributes({ env: "dev" });
  const origins = Array.from(
    merged.identities(() => false),
    ({ origin }) => [...merged.originBytes(origin)].join(),
  );
  expect(origins[3]).toBe(origins[0]);
  expect(new Set(origins).size).toBe(4);
});
