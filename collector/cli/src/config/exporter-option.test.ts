import { expect, test } from "vitest";
import { exporterOption } from "./exporter-option.ts";
import type { Settings } from "./settings.ts";

function settings(value: unknown): Settings {
  return { collector: { value, file: "f", path: "" } } as Settings;
}

test.each([
  [{ exporters: { queue: { path: "a" } } }, "a"],
  [{ exporters: { tmux: {}, "queue/mine": { path: "b" } } }, "b"],
  [{ exporters: { queue: { path: "${env:WHERE}/q" } } }, "here/q"],
  [{ exporters: { queue: null } }, undefined],
  [{ exporters: { queue: { path: 5 } } }, undefined],
  [{ exporters: { queued: { path: "c" } } }, undefined],
  [{ exporters: 5 }, undefined],
  ["text", undefined],
  [null, undefined],
])("%j has %j", (collector, expected) => {
  expect(exporterOption(settings(collector), "queue", "path", { WHERE: "here" })).toBe(expected);
});

test("without pipelines of the user's own there is none", () => {
  expect(exporterOption({ collector: undefined } as Settings, "queue", "path", {})).toBeUndefined();
});
