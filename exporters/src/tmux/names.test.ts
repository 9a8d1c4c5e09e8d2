// T9: what each version of tmux does to a name of a session or window, and that it does nothing to ours. The rules are those of
// the versions' sources (session_check_name and window names); CI has one of them.

import { describe, expect, it } from "vitest";
import { hostileNames } from "../../test/hostile-text.ts";
import { placeOf } from "../spool/place.ts";
import { homeOf, layouts } from "./home.ts";

/** The name that tmux makes of one, or why it refuses. Names are format-expanded before: see the test on `#`. */
type Rule = (name: string) => { readonly name: string } | { readonly refused: string };

const replaced: Rule = (name) => ({ name: visible(name.replace(/[:.]/g, "_")) });
const refusesEmpty =
  (rule: Rule): Rule =>
  (name) =>
    name === "" ? { refused: "empty" } : rule(name);
const forbids: Rule = (name) => (/[:.]/.test(name) ? { refused: "forbidden character" } : { name: visible(name) });
const keeps: Rule = (name) => (name.isWellFormed() ? { name } : { refused: "invalid UTF-8" });

const versions: readonly (readonly [version: string, rule: Rule])[] = [
  ["3.2a", replaced],
  ["3.3", refusesEmpty(replaced)],
  ["3.3a", refusesEmpty(replaced)],
  ["3.4", refusesEmpty(replaced)],
  ["3.5a", refusesEmpty(replaced)],
  ["3.6b", refusesEmpty(replaced)],
  ["3.7", refusesEmpty(forbids)],
  ["3.7a", keeps],
  ["3.8", keeps],
];

/** vis(3) with VIS_OCTAL, VIS_CSTYLE, VIS_TAB, VIS_NL: what is not printable, and `$` before a letter since 3.3. */
function visible(name: string): string {
  return name.replace(/[\x00-\x1f\x7f]|\$(?=[A-Za-z])/g, (found) =>
    found === "$" ? "\\$" : `\\${found.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

const streams = [
  "browser:localhost-3000",
  "expo:web-8081",
  "node:a.b",
  "rn:my_app-ios",
  "other",
  ...hostileNames("/tmp/x"),
];

describe.each(versions)("T9: tmux %s", (version, rule) => {
  it("takes every name of ours as it is", () => {
    for (const layout of layouts) {
      for (const stream of streams) {
        const { sessionName, windowName } = homeOf(placeOf(stream, { stateDir: "/state" }), layout);
        for (const name of [sessionName, `${sessionName}-2`, windowName])
          expect([version, rule(name)]).toEqual([version, { name }]);
      }
    }
  });

  it("would change, refuse or keep a stream's own name, so that it could not be found again under it in all versions", () => {
    const outcome = rule("browser:localhost-3000");
    expect(outcome).toEqual(
      version === "3.7"
        ? { refused: "forbidden character" }
        : version.startsWith("3.7a") || version === "3.8"
          ? { name: "browser:localhost-3000" }
          : { name: "browser_localhost-3000" },
    );
  });
});

describe("T9: our names in tmux's own language", () => {
  it("hold nothing that is expanded, and as a target mean one thing", () => {
    for (const layout of layouts) {
      for (const stream of streams) {
        const { sessionName, windowName } = homeOf(placeOf(stream, { stateDir: "/state" }), layout);
        for (const name of [sessionName, windowName]) {
          // Formats (#), ids ($ @ %), tokens ({last}), patterns (* ? [), options (-), offsets (+ -), exact marks (=), separators.
          expect(name).not.toMatch(/[#$@%{}*?[\]+=:.!~^;'"`\\\s]|^-/);
        }
      }
    }
  });

  it("are different for different streams, which windows of one session need not be", () => {
    const names = streams.map((stream) => homeOf(placeOf(stream, { stateDir: "/state" }), "sessions").sessionName);
    expect(new Set(names).size).toBe(new Set(streams).size);
    const shared = streams.map((stream) => homeOf(placeOf(stream, { stateDir: "/state" }), "windows").sessionName);
    expect(new Set(shared).size).toBe(1);
  });
});
