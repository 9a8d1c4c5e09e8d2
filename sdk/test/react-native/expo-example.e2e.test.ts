// The Expo example, as far as it goes without Expo and a device: its sources are what Babel takes, and its telemetry, built by
// Metro and run on Hermes, finds the machine that Expo's manifest names.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildApp } from "./bundle.ts";

const require = createRequire(import.meta.url);
const { transformSync } = require("@babel/core") as {
  transformSync(code: string, options: object): { code: string } | null;
};
const example = fileURLToPath(new URL("../../../examples/expo/", import.meta.url));
const sources = readdirSync(example).filter((name) => /\.jsx?$/.test(name));

test.each(sources)("%s is source that Metro's Babel takes", (name) => {
  const filename = example + name;
  const presets = [require.resolve("@react-native/babel-preset")];
  const built = transformSync(readFileSync(filename, "utf8"), { filename, presets, babelrc: false, configFile: false });
  expect(built?.code.length).toBeGreaterThan(100);
});

test("its manifests and its README go together", () => {
  const { expo } = JSON.parse(readFileSync(`${example}app.json`, "utf8")) as { expo: { slug: string; ios: unknown } };
  const readme = readFileSync(`${example}README.md`, "utf8");
  const [, serviceName] = /serviceName: "(.*?)"/.exec(readFileSync(`${example}telemetry.js`, "utf8")) ?? [];
  for (const os of ["ios", "android"]) expect(readme).toContain(`expo:${serviceName}-${os}`);
  // Without them iOS asks nothing and lets nothing through.
  expect(JSON.stringify(expo.ios)).toMatch(/NSLocalNetworkUsageDescription.*NSAllowsLocalNetworking/);
});

test("its telemetry connects to the machine that serves the bundle", async () => {
  const telemetry = readFileSync(`${example}telemetry.js`, "utf8").replace(
    /import (\{.*\}) from (".*");/,
    "const $1 = require($2);",
  );
  using app = await buildApp(
    `globalThis.expo = { modules: { ExponentConstants: { manifest: '{"hostUri":"192.168.0.7:8081"}' } } };
     ${telemetry}
     console.log("tapped %d times", 1);
     passTime(10000);`,
    { dev: true },
  );
  const lines = await app.run();
  expect(lines).toContain("socket ws://192.168.0.7:9876");
  const hello = lines.find((line) => line.startsWith("sent ") && line.includes('"hello"'));
  expect(JSON.parse(hello?.slice(5) ?? "{}").payload).toMatchObject({
    resource: { "service.name": "devmux-example" },
    platform: { kind: "expo", bundler: "metro" },
  });
  expect(lines.filter((line) => line.startsWith("sent ")).join()).toContain("tapped 1 times");
}, 60_000);
