// Storage in a configuration: who may be named, and the storage that exporters get when nobody has named one.

import type { AnyFactory, ExporterFactory, ExtensionFactory } from "../component/factory.ts";
import { parseId } from "./ids.ts";
import { suggestion } from "./nearest.ts";
import { joinPath, type Problem } from "./problems.ts";
import { noStorage, type QueueOptions, storageOf } from "./queue-options.ts";
import type { CollectorConfig, ComponentMap } from "./shape.ts";

interface Stored {
  readonly exporters: ReadonlyMap<string, { readonly queue: QueueOptions }>;
  readonly extensions: ReadonlyMap<string, { readonly factory: ExtensionFactory }>;
  readonly serviceExtensions: readonly string[];
}

/** Every `sending_queue.storage` must name a storage extension that runs. */
export function checkStorage(planned: Stored, basePath: string, problems: Problem[]): void {
  const { exporters, extensions, serviceExtensions } = planned;
  const storages = [...extensions].filter(([, { factory }]) => factory.provides === "storage").map(([id]) => id);
  for (const [id, { queue }] of exporters) {
    const { storage } = queue;
    if (storage === undefined) continue;
    const path = joinPath(basePath, ["exporters", id, "sending_queue", "storage"]);
    if (!storages.includes(storage)) {
      const what = extensions.has(storage) ? "is no storage" : "is not configured";
      problems.push({ path, message: `the extension "${storage}" ${what}${suggestion(storage, storages)}` });
    } else if (!serviceExtensions.includes(storage))
      problems.push({ path, message: `"${storage}" does not run; name it in service.extensions` });
  }
}

/**
 * The configuration with storage for the exporters whose factories ask for it (`queue.durable`) and that name none: the storage
 * without a name of its own (`storage`, or by an alias), with the user's options where he has configured it. What has not the shape of a configuration passes
 * as it is, to be refused with all its other faults.
 */
export function withDefaultStorage(config: CollectorConfig, factories: readonly AnyFactory[]): CollectorConfig {
  const storage = factories.find((factory) => factory.kind === "extension" && factory.provides === "storage");
  const { exporters, service } = config ?? {};
  if (storage === undefined || !isMap(exporters) || !isMap(service)) return config;
  const extensions = config.extensions ?? {};
  const running = service.extensions ?? [];
  if (!isMap(extensions) || !Array.isArray(running)) return config;
  const names = [storage.type, ...(storage.aliases ?? [])];
  const chosen = [...running, ...Object.keys(extensions)].find((id) => names.includes(id)) ?? storage.type;
  const added = Object.entries(exporters).flatMap(([id, options]) =>
    asksForStorage(id, options, factories) ? [[id, withStorage(options, chosen)] as const] : [],
  );
  if (added.length === 0) return config;
  return {
    ...config,
    exporters: { ...exporters, ...Object.fromEntries(added) },
    extensions: { [chosen]: {}, ...extensions },
    service: { ...service, extensions: running.includes(chosen) ? running : [...running, chosen] },
  };
}

function asksForStorage(text: string, options: unknown, factories: readonly AnyFactory[]): boolean {
  const id = parseId(text);
  if (typeof id === "string") return false;
  const factory = factories.find(
    (each): each is ExporterFactory =>
      each.kind === "exporter" && (each.type === id.type || each.aliases?.includes(id.type) === true),
  );
  if (factory?.queue?.durable !== true) return false;
  const queue = isMap(options) ? options.sending_queue : undefined;
  return storageOf(options) === undefined && !(isMap(queue) && queue.storage === noStorage);
}

function withStorage(options: unknown, storage: string): unknown {
  if (options !== null && options !== undefined && !isMap(options)) return options;
  const queue = options?.sending_queue ?? {};
  return isMap(queue) ? { ...options, sending_queue: { ...queue, storage } } : options;
}

function isMap(value: unknown): value is ComponentMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
