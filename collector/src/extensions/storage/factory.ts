// `storage` as the collector knows it.

import type { ExtensionFactory } from "../../component/index.ts";
import { type StorageConfig, storageConfig } from "./config.ts";
import { createStorage } from "./storage.ts";

export const storageFactory: ExtensionFactory<StorageConfig> = {
  kind: "extension",
  type: "storage",
  // The Collector's name for its own.
  aliases: ["file_storage"],
  summary: "Keeps what waits for an exporter on the disk, over crashes and restarts",
  config: storageConfig,
  provides: "storage",
  create: createStorage,
};
