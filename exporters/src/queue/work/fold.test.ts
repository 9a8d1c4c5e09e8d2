import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineFormat } from "../line.ts";
import { createFold, type Fold, type FoldOptions } from "./fold.ts";
import { itemOf } from "./item.ts";
import { type Patch, patchLine } from "./patch.ts";

const seenAt = "2026-11-21T12:00:00.000Z";
const later = "2026-11-21T13:00:00.000Z";
const now = Date.parse("2026-11-21T14:00:00.000Z");

const event = (id: string, rest: object = {}) =>
  JSON.stringify({
    id,
    timestamp: seenAt,
    source: "telemetry:a",
    severity: "error",
    rawContent: id,
    status: "pending",
    firstSeen: seenAt,
    ...rest,
  });
const status = (id: string, to: string, rest: object = {}) => JSON.stringify({ op: "status", id, status: to, ...rest });
const seen = (id: string, count: number, key: string, lastSeen = later) =>
  patchLine({ op: "seen", id, count, key, lastSeen }).trim();

function foldOf(lines: readonly string[], options: FoldOptions = {}): Fold {
  const fold = createFold(options);
  for (const [index, line] of lines.entries()) fold.add(line, { segment: 1, end: index + 1 });
  return fold;
}

const stateOf = (lines: readonly string[], id = "a") => foldOf(lines).get(id);

describe("an event and its patches", () => {
  it("is pending, once, until something is said about it", () => {
    expect(stateOf([event("a")])).toMatchObject({
      status: "pending",
      rev: 0,
      count: 1,
      lastSeen: seenAt,
      newAt: seenAt,
    });
  });

  it.each<[string, string[], object]>([
    [
      "a status",
      [status("a", "resolved", { by: "me", at: later })],
      { status: "resolved", rev: 1, by: "me", at: later },
    ],
    [
      "a status written by hand, without a revision",
      [status("a", "resolved"), status("a", "pending")],
      { status: "pending", rev: 2 },
    ],
    [
      "the first of two that change it at once",
      [
        status("a", "processing", { from: "pending", rev: 1, by: "x" }),
        status("a", "processing", { from: "pending", rev: 1, by: "y" }),
      ],
      { status: "processing", by: "x", rev: 1 },
    ],
    [
      "none that saw another status",
      [status("a", "resolved", { from: "processing", rev: 1 })],
      { status: "pending", rev: 0 },
    ],
    [
      "none that saw another revision",
      [status("a", "processing", { rev: 1 }), status("a", "pending", { from: "processing", rev: 4 })],
      { status: "processing" },
    ],
    ["a status that does not exist", [status("a", "done")], { status: "pending" }],
    ["how often it was seen again", [seen("a", 3, "k1"), seen("a", 2, "k2", seenAt)], { count: 6, lastSeen: later }],
    ["the same patch twice, once", [seen("a", 3, "k1"), seen("a", 3, "k1")], { count: 4 }],
    [
      "again after it was resolved",
      [
        status("a", "resolved", { rev: 1 }),
        status("a", "pending", { from: "resolved", rev: 2, at: later, reason: "seen_again", note: "again" }),
      ],
      { status: "pending", note: "again", newAt: later, newPlace: { end: 3 } },
    ],
    [
      "again after it was dismissed: not",
      [
        status("a", "dismissed", { rev: 1 }),
        status("a", "pending", { from: "resolved", rev: 2, reason: "seen_again" }),
      ],
      { status: "dismissed", newAt: seenAt },
    ],
  ])("takes %s", (_, patches, expected) => {
    expect(stateOf([event("a"), ...patches])).toMatchObject(expected);
  });

  it("takes patches that come before it", () => {
    const lines = [seen("a", 1, "k1"), status("a", "resolved", { rev: 1 }), event("a"), seen("b", 1, "k2")];
    expect(stateOf(lines)).toMatchObject({ status: "resolved", count: 2 });
    expect([...foldOf(lines).orphans()]).toEqual(["b"]);
  });

  it("is only itself when its line is there twice", () => {
    expect(stateOf([event("a"), status("a", "resolved", { rev: 1 }), event("a")])).toMatchObject({
      status: "resolved",
      count: 1,
    });
  });
});

describe("an event that was edited by hand", () => {
  const claim = status("a", "processing", { from: "pending", rev: 1, by: "x" });
  it("is what its line says, whatever was said before that", () => {
    expect(stateOf([event("a", { status: "resolved" }), claim])).toMatchObject({ status: "resolved", rev: 0 });
  });
  it("changes as those say who saw it", () => {
    const reopen = status("a", "pending", { from: "resolved", rev: 1, reason: "seen_again" });
    expect(stateOf([event("a", { status: "resolved" }), claim, reopen])).toMatchObject({ status: "pending", rev: 1 });
  });
  it("is what a copy of its line says", () => {
    expect(stateOf([event("a"), claim, event("a", { status: "resolved" })])).toMatchObject({
      status: "resolved",
      rev: 2,
      by: undefined,
    });
  });
  it("may have a status of another program", () => {
    expect(stateOf([event("a", { status: "snoozed" })])).toMatchObject({ status: "snoozed" });
  });
});

describe("an event that was carried over", () => {
  const carried = {
    carried: true,
    rev: 3,
    count: 7,
    lastSeen: later,
    newAt: seenAt,
    seenKeys: ["k0"],
    status: "processing",
    by: "x",
    until: later,
  };
  it("has what was known of it, and goes on from there", () => {
    const lines = [event("a", carried), seen("a", 1, "k"), status("a", "resolved", { from: "processing", rev: 4 })];
    expect(stateOf(lines)).toMatchObject({ status: "resolved", rev: 4, count: 8, newPlace: undefined, newAt: seenAt });
  });
  it("counts a patch once that is in both files, whichever comes first", () => {
    expect(stateOf([seen("a", 5, "k0"), event("a", carried), seen("a", 5, "k0"), seen("a", 1, "k1")])?.count).toBe(8);
  });
  it("changes nothing where the older file is still read", () => {
    const older = [event("a"), seen("a", 6, "k1"), seen("a", 2, "k2"), status("a", "processing", { rev: 1, by: "x" })];
    const state = stateOf([
      ...older,
      event("a", { ...carried, rev: 1 }),
      status("a", "resolved", { from: "processing", rev: 2 }),
    ]);
    expect(state).toMatchObject({ status: "resolved", rev: 2, count: 9, newPlace: { end: 1 } });
  });
  it("is shown without what only the fold needs", () => {
    const item = itemOf(stateOf([event("a", carried)])!, Date.parse(seenAt));
    expect(Object.keys(item).sort()).toEqual([
      "claim",
      "count",
      "firstSeen",
      "id",
      "lastSeen",
      "rawContent",
      "rev",
      "severity",
      "source",
      "status",
      "timestamp",
    ]);
    expect(item.claim).toEqual({ by: "x", until: later });
  });
});

it("a claim that nobody renews comes back", () => {
  const claim = status("a", "processing", { by: "x", at: seenAt, until: later, rev: 1 });
  const state = stateOf([event("a"), claim])!;
  expect(itemOf(state, Date.parse(later) - 1)).toMatchObject({
    status: "processing",
    claim: { by: "x", at: seenAt, until: later },
  });
  const back = itemOf(state, Date.parse(later));
  expect(back).toMatchObject({ status: "pending", note: `the claim of x ended at ${later}` });
  expect(back).not.toHaveProperty("claim");
  expect(itemOf(stateOf([event("a"), status("a", "processing", { by: "x" })])!, now).status).toBe("processing");
});

describe("lines that are neither", () => {
  it("are counted: torn, foreign, no JSON, too long; blank ones are no lines", () => {
    const fold = foldOf([
      "",
      "  ",
      '{"half',
      "[1]",
      "null",
      '{"op":"seen","id":"a"}',
      '{"op":"unknown","id":"a"}',
      '{"id":"b"}',
      `\ufeff${event("a")}\r`,
    ]);
    fold.add(undefined, { segment: 1, end: 100 });
    expect(fold.skipped).toBe(7);
    expect([...fold.states()].map(({ event: { id } }) => id)).toEqual(["a"]);
  });

  it("never throw, whatever they hold", () => {
    const id = fc.constantFrom("a", "b", "__proto__", "constructor");
    const patch = fc.record({
      op: fc.constantFrom("status", "seen", "sealed", "x"),
      id,
      status: fc.anything(),
      rev: fc.anything(),
      count: fc.anything(),
      key: fc.anything(),
      lastSeen: fc.anything(),
    });
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      id.map((each) => event(each)),
      patch.map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const state of foldOf(lines).states()) expect(itemOf(state, now).id).toBe(state.event.id);
      }),
    );
  });
});

it("leaves out, without reading them, events that nobody has to work on", () => {
  const format = createLineFormat({ project: 'p"severity":"info",', maxLineBytes: 4_096 });
  const line = (id: string, severity: "info" | "error", stream = "node:app") =>
    format({
      id: `${id}0000000-0000-8000-8000-000000000000`,
      timestamp: seenAt,
      firstSeen: seenAt,
      stream,
      context: [],
      content: {
        severity,
        pattern: "telemetry-console",
        rawContent: '{"severity":"info",',
        stack: "",
        contentHash: "0".repeat(16),
      },
    }).trim();
  const lines = [
    line("a", "info"),
    line("b", "error"),
    line("c", "error", 'x","severity":"info","y":"'),
    event("d", { severity: "info" }),
  ];
  const id = "a0000000-0000-8000-8000-000000000000";
  const fold = foldOf([...lines, seen(id, 1, "k")], { withoutInfo: true });
  expect([...fold.states()].map(({ event: { id: each } }) => each[0])).toEqual(["b", "c", "d"]);
  expect([...fold.orphans()]).toEqual([]);
  expect(foldOf([...lines, seen(id, 1, "k")]).get(id)?.count).toBe(2);
});

it("a patch survives its own line", () => {
  const patches: Patch[] = [
    {
      op: "status",
      id: "a",
      status: "processing",
      from: "pending",
      rev: 1,
      by: "\u001b[2J",
      at: seenAt,
      until: later,
      note: "n",
      reason: "seen_again",
    },
    { op: "seen", id: "a", count: 1, lastSeen: later, key: "k" },
    { op: "sealed", segment: 3, at: seenAt },
  ];
  for (const patch of patches) {
    const line = patchLine(patch);
    expect(JSON.parse(line)).toEqual(patch);
    expect(line.slice(0, -1)).toMatch(/^[\x20-\x7e]*$/);
  }
  expect(foldOf(patches.map(patchLine)).sealed).toBe(3);
});
