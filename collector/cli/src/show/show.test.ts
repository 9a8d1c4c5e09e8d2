import type { StatusReport } from "@chriscode/devmux-telemetry-server";
import { describe, expect, test } from "vitest";
import { createLog } from "../daemon/log.ts";
import { describeTotals, totalsOf } from "../daemon/totals.ts";
import { createTestShell } from "../testing/shell.ts";
import { clientUrl, networkUrls } from "./addresses.ts";
import { shortDuration } from "./duration.ts";
import { safeJson } from "./json.ts";
import { networkNotice } from "./started.ts";
import { statusLines } from "./status.ts";
import { visible } from "./visible.ts";

test.each([
  [0, "0s"],
  [-5, "0s"],
  [59_999, "59s"],
  [60_000, "1m"],
  [5 * 60_000 + 1, "5m"],
  [3 * 3_600_000, "3h"],
  [49 * 3_600_000, "2d"],
])("%d ms is %s", (ms, text) => expect(shortDuration(ms)).toBe(text));

test.each([
  ["127.0.0.1", "ws://127.0.0.1:9"],
  ["0.0.0.0", "ws://127.0.0.1:9"],
  ["::", "ws://[::1]:9"],
  ["192.168.1.5", "ws://192.168.1.5:9"],
  ["localhost", "ws://localhost:9"],
])("a client reaches a collector on %s at %s", (host, url) => expect(clientUrl(host, 9)).toBe(url));

test("a phone reaches it at the addresses of the network", () => {
  const own = { external: () => ["192.168.1.5", "2001:db8::5"] };
  expect(networkUrls(9876, own)).toEqual(["ws://192.168.1.5:9876", "ws://[2001:db8::5]:9876"]);
});

test("a collector that only this machine reaches needs no notice; one on the network names the token", () => {
  expect(networkNotice({ host: "127.0.0.1", token: undefined }, 9876)).toEqual([]);
  expect(networkNotice({ host: "0.0.0.0", token: undefined }, 9876).join("\n")).toContain('"token": "…"');
  expect(networkNotice({ host: "0.0.0.0", token: "secret" }, 9876).join("\n")).not.toContain("secret");
});

test("JSON for a terminal parses to the same value and holds nothing that a terminal obeys", () => {
  const value = { a: "\u0000\u001b[2J\u007f\u009b\u202e\u200b\u2028 ä€😀", "\u009d": [1, null] };
  const text = safeJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toMatch(/^[\x20-\x7eä€\u{1f600}]*$/u);
});

test("text from outside shows its control characters", () => {
  expect(visible("a\tb\u001b]0;x\r\n\u009b\u202e\ud800ä😀")).toBe("a    b\\x1b]0;x\\r\\n\\x9b\\u202e\ufffdä😀");
});

const component = { state: "ok" as const, since: "", signals: {}, dropped: 0, drops: {}, counters: {}, perSecond: 0 };
const stream = {
  service: "x",
  platform: "browser",
  connected: true,
  errors: 0,
  connectedAt: "2026-01-01T00:00:00.000Z",
};
const report: StatusReport = {
  running: true,
  pid: 42,
  version: "1.0.0",
  url: "ws://127.0.0.1:9876",
  startedAt: "2026-01-01T00:00:00.000Z",
  uptimeMs: 300_000,
  instanceId: "i",
  pipelines: [],
  streams: [
    { ...stream, name: "expo:mingle-ios", records: 45, lastRecordAt: "2026-01-01T00:04:59.000Z" },
    { ...stream, name: "node:x", records: 1, errors: 1, connected: false, lastRecordAt: "2026-01-01T00:03:00.000Z" },
  ],
  components: [
    {
      ...component,
      kind: "receiver",
      id: "devmux",
      signals: { logs: { accepted: 46, refused: 0, sent: 0, sendFailed: 0, recovered: 0, dropped: 0 } },
    },
    {
      ...component,
      kind: "exporter",
      id: "tmux",
      state: "degraded",
      message: "tmux is not installed",
      perSecond: 12.5,
      queue: {
        items: 1_200,
        signals: { logs: 1_200, traces: 0, metrics: 0 },
        bytes: 1_000,
        capacityBytes: 64 * 1024 * 1024,
      },
      lastError: { message: "no server\u001b[2J", at: "2026-01-01T00:03:00.000Z" },
    },
    {
      ...component,
      kind: "exporter",
      id: "otlp_http",
      signals: { logs: { accepted: 0, refused: 0, sent: 1_040, sendFailed: 6, recovered: 0, dropped: 0 } },
      drops: { shutdown: { count: 6, intended: false }, filtered: { count: 3, intended: true } },
    },
  ],
};

test("the status is what the plan shows, and what needs attention", () => {
  const now = Date.parse("2026-01-01T00:05:00.000Z");
  const lines = statusLines({ report, paint: (_style, text) => text, now });
  expect(lines).toEqual([
    "Telemetry Server: Running (ws://127.0.0.1:9876)",
    "  pid 42, up 5m, version 1.0.0",
    "Active Streams:",
    "  expo:mingle-ios (45 events, connected 5m ago)",
    "  node:x (1 event, 1 error, disconnected, last event 2m ago)",
    "Needs attention:",
    "  exporter tmux: tmux is not installed",
    "In:",
    "  devmux: 0/s, 46 taken",
    "Out:",
    "  tmux: 13/s, 0 delivered, 1,200 waiting (<1 % of its queue); 2m ago: no server\\x1b[2J",
    "  otlp_http: 0/s, 1,040 delivered",
    "Left out, as configured:",
    "  exporter otlp_http: 3 dropped (filtered)",
    "Records lost:",
    "  exporter otlp_http: 6 dropped (shutdown)",
  ]);
});

test("what became of the records is said for each exporter, without what a rule left out", () => {
  expect(describeTotals(totalsOf(report))).toEqual([
    "46 taken",
    "tmux: 0 delivered, 1,200 kept for the next start",
    "otlp_http: 1,040 delivered, 6 dropped (shutdown)",
  ]);
});

describe("the collector's own log", () => {
  const now = () => new Date("2026-01-01T00:00:00.000Z");

  test("is a line with time, level, component, message, fields", () => {
    const shell = createTestShell();
    const log = createLog(shell.stderr, shell.env, { now });
    log.debug("not shown");
    log.warn("slow", { component: "exporter tmux", ms: 5n, error: new Error("why") });
    expect(shell.err()).toBe('2026-01-01T00:00:00.000Z WARN  exporter tmux: slow {"ms":"5","error":"why"}\n');
  });

  test("indents further lines, so that none can pass for an entry of its own", () => {
    const shell = createTestShell();
    createLog(shell.stderr, shell.env, { now }).error("a\n2026-01-01T00:00:00.000Z INFO  forged\u001b[2J");
    expect(shell.err().split("\n")[1]).toBe("  2026-01-01T00:00:00.000Z INFO  forged\\x1b[2J");
  });

  test("names no secret that it was told of, and no Authorization header, in no field", () => {
    const shell = createTestShell();
    const log = createLog(shell.stderr, shell.env, { now });
    log.hide(["s3cret-t0ken", 'with"quote']);
    log.error("401 for s3cret-t0ken", {
      url: "http://x/?key=s3cret-t0ken",
      other: 'with"quote',
      header: "Bearer abcdef",
    });
    expect(shell.err()).not.toMatch(/s3cret|with\\?"quote|abcdef/);
    expect(shell.err()).toContain("401 for [REDACTED]");
  });
});
