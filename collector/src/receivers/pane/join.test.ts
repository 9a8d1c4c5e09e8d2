import { describe, expect, it } from "vitest";
import { createJoiner, type Entry } from "./join.ts";
import { createMatcher } from "./patterns/matcher.ts";
import { patternSetNames } from "./patterns/own.ts";
import { recordOf } from "./record.ts";

function join(text: string, maxLines = 200): readonly Entry[] {
  const joiner = createJoiner(maxLines);
  const entries = text.split("\n").flatMap((line, index) => {
    const place = (offset: number) => ({ segment: 0, offset });
    return joiner.push({ text: line, start: place(index), end: place(index + 1) });
  });
  return [...entries, ...joiner.flush()];
}

const match = createMatcher(patternSetNames, []);
const records = (text: string) =>
  join(text).map((entry) => {
    const { body, severityText, attributes } = recordOf(entry, match, "uid", 1);
    return {
      body,
      severity: severityText,
      pattern: attributes?.["devmux.pattern"],
      type: attributes?.["exception.type"],
    };
  });
const all = (text: string) => join(text).map(({ lines }) => lines.join("\n"));

const crash = `/app/server.js:3
    throw new TypeError("card is undefined");
    ^

TypeError: card is undefined
    at pay (/app/server.js:3:11)
    at Server.emit (node:events:519:28) {
  code: 'E_CARD',
  [cause]: Error: no session
      at load (/app/session.js:9:9)
}

Node.js v24.11.0`;

const python = `Traceback (most recent call last):
  File "/app/db.py", line 3, in get
    return rows["id"]
           ~~~~^^^^^^
KeyError: 'id'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 9, in <module>
    run()
app.errors.NotFound: no such order`;

const java = `Exception in thread "main" java.lang.IllegalStateException: cart is closed
\tat com.example.Cart.add(Cart.java:31)
\tat com.example.Main.main(Main.java:8)
\tSuppressed: java.io.IOException: close failed
\t\tat com.example.Cart.close(Cart.java:50)
Caused by: java.lang.NullPointerException: id
\tat com.example.Cart.id(Cart.java:12)
\t... 2 more`;

const multiline = `Error: two reasons:
  - the first
  - the second
    at check (file:///app/check.ts:2:3)
    at async main (file:///app/main.ts:5:1)`;

describe("a stack trace with its message is one entry", () => {
  it.each([
    [
      "Node's crash",
      crash,
      { severity: "error", pattern: "node-error", type: "TypeError", body: "TypeError: card is undefined" },
    ],
    [
      "a chain of Python tracebacks",
      python,
      {
        severity: "error",
        pattern: "python-traceback",
        type: "app.errors.NotFound",
        body: "app.errors.NotFound: no such order",
      },
    ],
    [
      "Java with causes",
      java,
      {
        severity: "error",
        pattern: "node-error",
        type: "java.lang.IllegalStateException",
        body: 'Exception in thread "main" java.lang.IllegalStateException: cart is closed',
      },
    ],
    [
      "a message of several lines",
      multiline,
      {
        severity: "error",
        pattern: "node-error",
        type: "Error",
        body: "Error: two reasons:\n  - the first\n  - the second",
      },
    ],
  ])("%s", (_name, text, expected) => {
    const around = `listening\n${text}\nGET / 200`;
    expect(records(around)).toEqual([
      { body: "listening", severity: "info", pattern: undefined, type: undefined },
      expected,
      { body: "GET / 200", severity: "info", pattern: undefined, type: undefined },
    ]);
  });

  it("has all of its lines, but for what Node prints around it", () => {
    const [entry] = join(crash);
    expect(entry!.lines.slice(entry!.head).join("\n")).toBe(
      crash.slice(crash.indexOf("TypeError: card"), crash.indexOf("\n\nNode.js")),
    );
    expect(entry!.uncaught).toBe(true);
    expect(join(java)[0]!.lines).toEqual(java.split("\n"));
    expect(join(python)[0]!.lines).toEqual(python.split("\n"));
  });

  it("is bounded, and says how much is missing", () => {
    const deep = [
      "RangeError: too deep",
      ...Array.from({ length: 5_000 }, (_, line) => `    at f (/a.js:${line}:1)`),
    ].join("\n");
    const [entry, ...more] = join(deep, 20);
    expect(more).toEqual([]);
    expect([entry!.lines.length, entry!.omitted]).toEqual([20, 5_001 - 20]);
    expect(entry!.end.offset).toBe(5_001);
  });
});

describe("every other line is an entry of its own", () => {
  it("two errors without frames, and what follows them", () => {
    expect(all("Error: a\nError: b\nnext\n\n  indented\nlast")).toEqual([
      "Error: a",
      "Error: b",
      "next",
      "  indented",
      "last",
    ]);
  });

  it("a line between an error without frames and one with them", () => {
    expect(all("Error: a\nsave failed TypeError: b\n    at f (/a.js:1:1)")).toEqual([
      "Error: a",
      "save failed TypeError: b\n    at f (/a.js:1:1)",
    ]);
  });

  it("a path with a line number that no error follows", () => {
    expect(all("/app/a.js:3\nok\nfine")).toEqual(["/app/a.js:3", "ok", "fine"]);
  });

  it("none is lost and none comes twice, whatever the lines are", () => {
    const kinds = [
      ...new Set([...crash.split("\n"), ...python.split("\n"), ...java.split("\n"), "plain", "Error: x", ""]),
    ];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let round = 0; round < 500; round++) {
      const lines = Array.from({ length: 40 }, () => kinds[random(kinds.length)]!);
      const kept = (texts: readonly string[]) =>
        texts.filter((text) => text.trim() !== "" && !text.startsWith("Node.js"));
      const out = all(lines.join("\n")).flatMap((text) => text.split("\n"));
      expect(kept(out)).toEqual(kept(lines));
    }
  });
});
