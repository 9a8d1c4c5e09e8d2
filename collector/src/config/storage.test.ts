import { expect, test } from "vitest";
import { z } from "zod";
import { type AnyFactory, accepted } from "../component/index.ts";
import { storageFactory } from "../extensions/index.ts";
import { otlpReceiverFactory } from "../receivers/index.ts";
import { createBlueprint } from "./blueprint.ts";
import type { CollectorConfig } from "./shape.ts";
import { withDefaultStorage } from "./storage.ts";

const exporter = (type: string, durable: boolean): AnyFactory => ({
  kind: "exporter",
  type,
  summary: "",
  signals: ["logs"],
  config: z.strictObject({}),
  queue: { durable },
  create: () => ({ export: async () => accepted }),
});
const factories = [otlpReceiverFactory, exporter("forward", true), exporter("view", false), storageFactory];
const config = (exporters: NonNullable<CollectorConfig["exporters"]>, more: CollectorConfig = {}): CollectorConfig => ({
  receivers: { otlp: {} },
  exporters,
  ...more,
  service: { ...more.service, pipelines: { logs: { receivers: ["otlp"], exporters: Object.keys(exporters) } } },
});
const queues = (from: CollectorConfig) =>
  Object.fromEntries([...createBlueprint(from, factories).exporters].map(([id, { queue }]) => [id, queue.storage]));

test("exporters that ask for storage get it, with bounds for a disk; others do not", () => {
  const stored = withDefaultStorage(config({ "forward/a": null, view: {} }), factories);
  expect(queues(stored)).toEqual({ "forward/a": "storage", view: undefined });
  expect(createBlueprint(stored, factories).serviceExtensions).toEqual(["storage"]);
  const { maxBytes, maxItems } = createBlueprint(stored, factories).exporters.get("forward/a")!.queue;
  expect([maxBytes, maxItems]).toEqual([1024 ** 3, 5_000_000]);
});

test("what the user says stands: none, a storage of his own, options of the storage, sizes", () => {
  const own = config(
    {
      "forward/none": { sending_queue: { storage: "none" } },
      "forward/own": { sending_queue: { storage: "storage/mine", queue_size: "5MiB" } },
      forward: {},
    },
    { extensions: { "storage/mine": {}, storage: { fsync: false } }, service: { extensions: ["storage/mine"] } },
  );
  const stored = withDefaultStorage(own, factories);
  expect(queues(stored)).toEqual({ "forward/none": undefined, "forward/own": "storage/mine", forward: "storage" });
  const blueprint = createBlueprint(stored, factories);
  expect(blueprint.extensions.get("storage")?.config).toMatchObject({ sync: false });
  expect(blueprint.exporters.get("forward/own")?.queue.maxBytes).toBe(5 * 1024 * 1024);
});

test("a storage under the Collector's name for it is the one that they get", () => {
  const own = config({ forward: {} }, { extensions: { file_storage: { directory: "/x" } } });
  for (const extensions of [[], ["file_storage"]]) {
    const stored = withDefaultStorage({ ...own, service: { ...own.service, extensions } }, factories);
    expect(queues(stored)).toEqual({ forward: "file_storage" });
    expect(createBlueprint(stored, factories).serviceExtensions).toEqual(["file_storage"]);
  }
});

test("a configuration without such exporters, or that is none, stays as it is", () => {
  for (const same of [config({ view: {} }), 5, null, { exporters: [], service: 7 }, { exporters: { forward: 3 } }])
    expect(withDefaultStorage(same as CollectorConfig, factories)).toBe(same);
});

test("a storage that does not run, is none or is misspelt is named with its path", () => {
  const wrong = config(
    {
      "forward/a": { sending_queue: { storage: "storag" } },
      "forward/b": { sending_queue: { storage: "storage/idle" } },
    },
    { extensions: { storage: {}, "storage/idle": {} }, service: { extensions: ["storage"] } },
  );
  expect(() => createBlueprint(wrong, factories)).toThrow(
    'exporters.forward/a.sending_queue.storage: the extension "storag" is not configured; did you mean "storage"?\n' +
      'exporters.forward/b.sending_queue.storage: "storage/idle" does not run; name it in service.extensions',
  );
});
