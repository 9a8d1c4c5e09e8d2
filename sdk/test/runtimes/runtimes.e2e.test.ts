// Bun and Deno with the entry of Node. Neither is a dependency (each is 100 MB): this runs where a variable names one.
//   DEVMUX_BUN=/path/to/bun DEVMUX_DENO=/path/to/deno npx -y pnpm@12 vitest run sdk/test/runtimes

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createCollectorDouble } from "../../src/testing/collector-double.ts";

const sdk = fileURLToPath(new URL("../..", import.meta.url));
const runtimes: { readonly [name: string]: readonly [path: string | undefined, ...args: string[]] } = {
  node: [process.execPath],
  bun: [process.env.DEVMUX_BUN, "run"],
  deno: [process.env.DEVMUX_DENO, "run", "-A", "--node-modules-dir=manual"],
};

/** What arrives of each program, and its exit code. */
const programs: [name: string, code: string, bodies: string[], exit: number][] = [
  ["ends by itself", "console.log('a'); setTimeout(() => console.warn('b', { c: [1] }), 50)", ["a", "b { c: [1] }"], 0],
  ["exits", "console.log('a'); console.log('b'); process.exit(3)", ["a", "b"], 3],
  ["shuts down", "console.log('a'); console.log('b'); await telemetry.shutdown(); console.log('c')", ["a", "b"], 0],
  ["throws", "console.log('a'); setTimeout(() => { throw new RangeError('x') }, 300)", ["a", "RangeError: x"], 1],
  ["rejects", "console.log('a'); void Promise.reject(new RangeError('x'))", ["a", "RangeError: x"], 1],
];

/** What is less there. Bun tells its monitor of no rejection; Deno tells of neither, and ends without an event of its end. */
const less: { readonly [name: string]: { readonly [program: string]: string[] } } = {
  bun: { rejects: ["a"] },
  deno: { throws: ["a"], rejects: [] },
};

describe.each(Object.entries(runtimes))("%s", (name, [path, ...args]) => {
  test.runIf(path).each(programs)("a program that %s", async (program, code, bodies, exit) => {
    const collector = await createCollectorDouble();
    const root = realpathSync(mkdtempSync(join(tmpdir(), "devmux-runtimes-")));
    try {
      mkdirSync(join(root, "node_modules/@chriscode"), { recursive: true });
      symlinkSync(sdk, join(root, "node_modules/@chriscode/devmux-telemetry"));
      const dependencies = { "@chriscode/devmux-telemetry": "*" };
      writeFileSync(join(root, "package.json"), JSON.stringify({ name: "app", type: "module", dependencies }));
      const start = `import { initTelemetry } from "@chriscode/devmux-telemetry";
        const telemetry = initTelemetry({ serverUrl: "${collector.url}", serviceName: "app", enabled: true });`;
      writeFileSync(join(root, "app.js"), `${start}\n${code}`);
      const child = spawn(path ?? "", [...args, join(root, "app.js")], { cwd: root, stdio: "ignore" });
      expect(await new Promise((resolve) => child.on("close", resolve))).toBe(exit);
      expect(collector.records.map(({ body }) => body)).toEqual(less[name]?.[program] ?? bodies);
    } finally {
      rmSync(root, { recursive: true });
      await collector.close();
    }
  });
});
