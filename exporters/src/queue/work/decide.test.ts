import { describe, expect, it } from "vitest";
import { decide, type Wish } from "./decide.ts";
import { createFold, type Fold } from "./fold.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 12, minute)).toISOString();
const now = Date.parse(at(30));

interface Given {
  readonly id: string;
  readonly severity?: string;
  readonly status?: string;
  readonly by?: string;
  readonly until?: string;
  readonly minute?: number;
}

function foldOf(events: readonly Given[]): Fold {
  const fold = createFold();
  for (const { id, severity = "error", status, minute = 0, ...rest } of events) {
    const firstSeen = at(minute);
    const event = { id, timestamp: firstSeen, source: "s", severity, rawContent: id, status: "pending", firstSeen };
    fold.add(JSON.stringify(event), { segment: 1, end: 1 });
    if (status !== undefined)
      fold.add(JSON.stringify({ op: "status", id, status, rev: 1, from: "pending", ...rest }), { segment: 1, end: 2 });
  }
  return fold;
}

const next: Wish = { kind: "claim", agent: "me", leaseMs: 600_000, lowest: "warning" };
const claimed = { status: "processing", by: "other", until: at(31) };
const lapsed = { status: "processing", by: "other", until: at(30) };

describe("claiming the next one", () => {
  it.each<[string, Given[], string | undefined]>([
    ["takes what waits", [{ id: "a" }], "a"],
    ["takes the most severe", [{ id: "a", severity: "warning" }, { id: "b" }, { id: "c", severity: "critical" }], "c"],
    [
      "of these the oldest",
      [
        { id: "a", minute: 2 },
        { id: "b", minute: 1 },
        { id: "c", minute: 3 },
      ],
      "b",
    ],
    ["leaves what another works on", [{ id: "a", ...claimed }, { id: "b" }], "b"],
    ["takes what another has left", [{ id: "a", ...lapsed }], "a"],
    [
      "leaves what is done",
      [
        { id: "a", status: "resolved" },
        { id: "b", status: "dismissed" },
      ],
      undefined,
    ],
    ["leaves what is less severe than asked for", [{ id: "a", severity: "info" }], undefined],
    ["takes what has a severity of another program's", [{ id: "a", severity: "catastrophic" }], "a"],
    ["takes nothing where there is nothing", [], undefined],
  ])("%s", (_, events, expected) => {
    const decision = decide(foldOf(events), next, now);
    if (expected === undefined) expect(decision).toEqual({ kind: "none" });
    else
      expect(decision).toMatchObject({
        kind: "patch",
        patch: { id: expected, status: "processing", by: "me", at: at(30), until: at(40) },
      });
  });
});

const own = { status: "processing", by: "me", until: at(31) };
const byHand = { status: "processing" };

describe("an event by its id", () => {
  it.each<[Wish["kind"], Omit<Given, "id">, object, object]>([
    ["claim", {}, {}, { status: "processing", from: "pending", rev: 1, until: at(40) }],
    ["claim", own, {}, { status: "processing", from: "processing", rev: 2, until: at(40) }],
    ["claim", lapsed, {}, { status: "processing", by: "me", rev: 2 }],
    ["claim", claimed, {}, { kind: "conflict", reason: `other is working on it, until ${at(31)}` }],
    ["claim", byHand, {}, { kind: "conflict", reason: expect.stringContaining("devmux queue release") }],
    ["claim", { status: "resolved" }, {}, { kind: "conflict", reason: "it is resolved already" }],
    ["resolve", {}, {}, { status: "resolved", from: "pending", rev: 1 }],
    ["resolve", own, { by: "me", note: "fixed" }, { status: "resolved", by: "me", note: "fixed" }],
    ["resolve", claimed, {}, { status: "resolved" }],
    ["resolve", claimed, { by: "me" }, { kind: "conflict" }],
    ["resolve", lapsed, { by: "me" }, { status: "resolved", by: "me" }],
    ["resolve", { status: "resolved" }, { by: "me" }, { kind: "unchanged" }],
    ["resolve", { status: "dismissed" }, {}, { status: "resolved", from: "dismissed" }],
    ["dismiss", {}, {}, { status: "dismissed" }],
    ["dismiss", { status: "dismissed" }, {}, { kind: "unchanged" }],
    ["release", own, { by: "me" }, { status: "pending", from: "processing" }],
    ["release", claimed, { by: "me" }, { kind: "conflict" }],
    ["release", {}, {}, { kind: "unchanged" }],
    ["release", { status: "resolved" }, {}, { status: "pending", note: "opened again by hand" }],
    ["release", { status: "dismissed" }, { note: "was wrong" }, { status: "pending", note: "was wrong" }],
  ])("%s of %j with %j", (kind, given, rest, expected) => {
    const wish =
      kind === "claim" ? { kind, agent: "me", leaseMs: 600_000, id: "abcdef" } : { kind, id: "abcdef", ...rest };
    const decision = decide(foldOf([{ id: "abcdef", ...given }]), wish as Wish, now);
    if ("kind" in expected) expect(decision).toMatchObject(expected);
    else expect(decision).toMatchObject({ kind: "patch", patch: expected });
  });

  it.each<[string, object]>([
    ["abcd-1", { kind: "patch", patch: { id: "abcd-1" } }],
    ["abcd-12", { kind: "patch", patch: { id: "abcd-12" } }],
    ["abce", { kind: "patch", patch: { id: "abce-1" } }],
    ["abcd", { kind: "ambiguous", ids: ["abcd-1", "abcd-12"] }],
    ["abc", { kind: "none" }],
    ["zzzz", { kind: "none" }],
    ["", { kind: "none" }],
  ])("is found by the beginning of it: %j", (id, expected) => {
    const fold = foldOf([{ id: "abcd-1" }, { id: "abcd-12" }, { id: "abce-1" }]);
    expect(decide(fold, { kind: "resolve", id }, now)).toMatchObject(expected);
  });
});
