import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { placeOf } from "./place.ts";

const state = { stateDir: "/home/me/.devmux" };

const hostile = [
  "#(touch x)",
  "#{pane_pid}",
  "$(touch x)",
  "`touch x`",
  "; kill-server ;",
  "-L evil",
  "../../x",
  "..",
  "/etc/passwd",
  "a\\b",
  "nul.txt",
  "CON",
  "x\0y",
  "a\nb",
  "{last}",
  "%1",
  "$0",
  "",
  "日本語",
  "x".repeat(5_000),
  "caf\u00e9",
  "cafe\u0301",
  "Browser:localhost-3000",
  "browser:localhost-3000",
  "browser:localhost.3000",
  "browser-localhost-3000",
];

describe("the place of a stream", () => {
  it("can be read", () => {
    const place = placeOf("browser:localhost-3000", state);
    expect(place.sessionName).toMatch(/^devmux-browser-localhost-3000-[0-9a-f]{12}$/);
    expect(place.spoolPath).toMatch(/^\/home\/me\/\.devmux\/streams\/browser-localhost-3000-[0-9a-f]{12}\.jsonl$/);
  });

  it.each(hostile)("is safe for %j", (stream) => {
    const place = placeOf(stream, state);
    expect(place.sessionName).toMatch(/^[a-z][a-z0-9_-]{0,40}-[0-9a-f]{12}$/);
    expect(place.windowName).toMatch(/^[a-z0-9_][a-z0-9_-]{0,40}$/);
    const { spoolPath, olderSpoolPath, viewPath, olderViewPath, ledgerPath, aboutPath } = place;
    for (const path of [spoolPath, olderSpoolPath, viewPath, olderViewPath, ledgerPath, aboutPath]) {
      expect(dirname(path)).toBe("/home/me/.devmux/streams");
      expect(path.slice(dirname(path).length + 1)).toMatch(/^[a-z0-9_][a-z0-9_-]*\.[a-z]+(?:\.1)?$/);
      expect(path.length).toBeLessThan(120);
    }
  });

  it("is another one for each stream and each state directory", () => {
    const places = hostile.map((stream) => placeOf(stream, state));
    expect(new Set(places.map(({ spoolPath }) => spoolPath)).size).toBe(hostile.length);
    expect(new Set(places.map(({ sessionName }) => sessionName)).size).toBe(hostile.length);
    const elsewhere = placeOf("a", { stateDir: "/elsewhere" });
    expect(elsewhere.sessionName).not.toBe(placeOf("a", state).sessionName);
    expect(placeOf("a", { stateDir: "/home/me/x/../.devmux/" })).toEqual(placeOf("a", state));
  });
});
