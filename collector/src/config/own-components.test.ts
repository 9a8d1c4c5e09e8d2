import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprint } from "./blueprint.ts";
import { loadOwnComponents } from "./own-components.ts";
import { sectionOf } from "./shape.ts";

const zod = pathToFileURL(join(import.meta.dirname, "../../node_modules/zod/index.js")).href;
const kinds = ["receiver", "processor", "exporter", "connector", "extension"] as const;

/** The source of a module that exports a factory. */
const source = (kind: string) => `import { z } from "${zod}";
export const factory = {
  kind: "${kind}", type: "mine", summary: "of the user's own", signals: ["logs"],
  config: z.strictObject({ size: z.int().default(3) }),
  create: () => ({ export: async () => ({ kind: "accepted" }), consume: async () => ({ kind: "accepted" }) }),
};`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "devmux-own-"));
  const files = {
    ...Object.fromEntries(kinds.map((kind) => [`${kind}.js`, source(kind)])),
    "package.json": '{"type":"module"}',
    "node_modules/@acme/devmux-exporter-foo/package.json": '{"type":"module","exports":{"import":"./index.js"}}',
    "node_modules/@acme/devmux-exporter-foo/index.js": source("exporter"),
    "node_modules/devmux-exporter-bar/package.json": '{"type":"module","main":"index.js"}',
    "node_modules/devmux-exporter-bar/index.js": source("exporter"),
    "nothing.js": "",
    "other.js": "export const exporter = {}, helper = 1;",
    "half.js": 'export const factory = { kind: "exporter", summary: "x" };',
    "throws.js": 'throw new TypeError("no such thing");',
    "lacks.js": 'import "./gone.js"; export const factory = 1;',
    "syntax.js": "export const = ;",
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
});
afterAll(() => rm(directory, { recursive: true }));

test.each(kinds)("a %s by its path", async (kind) => {
  const raw = { [sectionOf(kind)]: { [`./${kind}.js`]: { size: 5 } } };
  const { factories, problems } = await loadOwnComponents(raw, { directory });
  expect(problems).toEqual([]);
  expect(factories).toEqual([expect.objectContaining({ kind, type: `./${kind}.js` })]);
});

test("packages by their name, two of one, and what they do not take", async () => {
  const exporters = {
    "@acme/devmux-exporter-foo": null,
    "@acme/devmux-exporter-foo#second": { size: 4 },
    "devmux-exporter-bar": {},
  };
  const raw = {
    receivers: { "./receiver.js": {} },
    exporters,
    service: { pipelines: { logs: { receivers: ["./receiver.js"], exporters: Object.keys(exporters) } } },
  };
  const { factories, problems } = await loadOwnComponents(raw, { directory });
  expect(problems).toEqual([]);
  const blueprint = createBlueprint(raw, factories);
  expect([...blueprint.exporters].map(([id, { config }]) => [id, config])).toEqual([
    ["@acme/devmux-exporter-foo", { size: 3 }],
    ["@acme/devmux-exporter-foo#second", { size: 4 }],
    ["devmux-exporter-bar", { size: 3 }],
  ]);
  const wrong = { ...raw, exporters: { ...exporters, "@acme/devmux-exporter-foo": { sise: 1 } } };
  expect(() => createBlueprint(wrong, factories)).toThrow(
    'exporters.@acme/devmux-exporter-foo.sise: unknown key "sise"; did you mean "size"?',
  );
});

test.each([
  ["./gone.js", /^there is no "\.\/gone\.js" in .*; expected the path of a JavaScript file/],
  ["./exporter.js/second", /; for a second one of \.\/exporter\.js write "\.\/exporter\.js#second"$/],
  ["@acme/gone", /^the package "@acme\/gone" is not installed for .*; install it there: npm install @acme\/gone$/],
  ["./nothing.js", /nothing\.js has no export "factory"; it exports nothing$/],
  ["./other.js", /other\.js has no export "factory"; it exports exporter, helper$/],
  ["./half.js", /the factory of .*half\.js is none: .*expected a zod schema.*expected a function/],
  ["./throws.js", /throws\.js could not be loaded: TypeError: no such thing$/],
  ["./lacks.js", /lacks\.js could not be loaded: .*gone\.js/],
  ["./syntax.js", /syntax\.js could not be loaded: \w*Error: /],
  ["./receiver.js", /receiver\.js is a factory of kind "receiver"; configure it under receivers, not exporters$/],
])("%s cannot be used, and the report says why", async (type, message) => {
  const raw = { exporters: { [type]: {} } };
  const { factories, problems } = await loadOwnComponents(raw, { directory, basePath: "telemetry.collector" });
  expect(factories).toEqual([]);
  expect(problems).toEqual([
    { path: `telemetry.collector.exporters.${type}`, message: expect.stringMatching(message) },
  ]);
});

test("what is no configuration is left for the blueprint to refuse", async () => {
  for (const raw of [null, 5, { exporters: 3 }, { exporters: { debug: {} } }])
    expect(await loadOwnComponents(raw, { directory })).toEqual({ factories: [], problems: [] });
});
