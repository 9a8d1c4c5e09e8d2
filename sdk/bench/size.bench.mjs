// Bundle size, minified by esbuild and gzipped: this client, and its peers from npm, started as their guides say.

import { gzipSync } from "node:zlib";
import { bundleOf } from "./clients.mjs";
import { names, printTable } from "./table.mjs";

const sizes = await Promise.all(names.map(async (name) => gzipSync(await bundleOf(name), { level: 9 }).length));
printTable({ "bundle, gzip": sizes }, "B");
