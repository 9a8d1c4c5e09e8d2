// Makes bench/gen/logs_static.js, protobufjs's static decoder of the log messages: `node protocol/bench/generate.mjs`. Its
// command line brings many packages, so it is fetched when it is needed and is no dependency; the result is committed.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const directory = mkdtempSync(join(tmpdir(), "otlp-static-"));
const proto = readFileSync(new URL("../test/otlp.proto", import.meta.url), "utf8");
writeFileSync(join(directory, "logs.proto"), proto.slice(0, proto.indexOf("// Traces.")));
const left = ["create", "encode", "verify", "convert", "delimited", "comments", "service"].map(
  (part) => `--no-${part}`,
);
const out = fileURLToPath(new URL("gen/logs_static.js", import.meta.url));
const pbjs = ["pbjs", "-t", "static-module", "-w", "es6", "--es6", ...left, "-o", out, join(directory, "logs.proto")];
execFileSync("npx", ["-y", "-p", "protobufjs-cli@2.7.1", "-p", "protobufjs@8.8.1", ...pbjs], { stdio: "inherit" });
rmSync(directory, { recursive: true });
