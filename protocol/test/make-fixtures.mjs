// Writes fixtures/otel-js-*: `node protocol/test/make-fixtures.mjs`, after an update of the official packages.

import { mkdirSync, writeFileSync } from "node:fs";
import { officialPayloads } from "./official.ts";

const directory = new URL("../fixtures/", import.meta.url);
mkdirSync(directory, { recursive: true });
for (const [name, bytes] of Object.entries(officialPayloads())) writeFileSync(new URL(name, directory), bytes);
