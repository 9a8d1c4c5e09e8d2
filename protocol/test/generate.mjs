// Makes test/gen/ from test/otlp.proto with buf and protoc-gen-es: `node protocol/test/generate.mjs [directory]`.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

export function generate(outDirectory) {
  const template = {
    version: "v2",
    plugins: [{ local: `${bin}protoc-gen-es`, out: outDirectory, opt: ["target=js+dts", "js_import_style=module"] }],
  };
  execFileSync(`${bin}buf`, ["generate", `${here}otlp.proto`, "--template", JSON.stringify(template)], {
    cwd: here,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generate(process.argv[2] ?? `${here}gen`);
