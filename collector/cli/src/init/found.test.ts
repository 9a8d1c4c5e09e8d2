import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../commands/root.ts";
import { parseProject } from "../dev/project.ts";
import { run } from "../run.ts";
import { createTestShell } from "../testing/shell.ts";
import { findProject, portOf } from "./found.ts";

function project(files: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(join(tmpdir(), "devmux-init-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return directory;
}

test.each([
  ["vite", [], 5173],
  ["next dev", [], 3000],
  ["next dev -p 3005", [], 3005],
  ["PORT=4001 node api.mjs", [], 4001],
  ["vite --port=8000 --open", [], 8000],
  ["node server.js", ["vite"], undefined],
  ["astro dev", ["vite"], 4321],
  ["tsx watch src/index.ts", ["express"], undefined],
] as const)("%s takes port", (command, dependencies, port) => {
  expect(portOf(command, new Set(dependencies))).toBe(port);
});

test("one package: its dev script, with the package manager of the lockfile", () => {
  const directory = project({
    "package.json": {
      name: "@acme/My Shop",
      scripts: { dev: "vite", start: "node dist/server.js", build: "vite build" },
    },
    "pnpm-lock.yaml": "",
  });
  expect(findProject(directory)).toEqual({
    name: "my-shop",
    services: [{ name: "my-shop", command: "pnpm run dev", cwd: undefined, port: 5173 }],
  });
});

test("scripts of parts come instead of the one that runs them all; variants are none", () => {
  const scripts = {
    dev: "concurrently npm:dev:*",
    "dev:api": "PORT=4001 node api.mjs",
    "dev:web": "next dev",
    "dev:debug": "node --inspect x",
    "dev:a;b": "x",
  };
  const { services } = findProject(project({ "package.json": { scripts } }));
  expect(services.map(({ name, command, port }) => [name, command, port])).toEqual([
    ["api", "npm run dev:api", 4001],
    ["web", "npm run dev:web", 3000],
  ]);
});

test("workspaces of npm and of pnpm, with their own directories and distinct names", () => {
  const dev = (name: string) => ({ name, scripts: { dev: "vite" } });
  const directory = project({
    "package.json": { name: "mono", packageManager: "yarn@4.0.0", workspaces: { packages: ["tools/cli"] } },
    "pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n  - '!apps/old'\n  - '../x'\n",
    "apps/web/package.json": dev("@a/web"),
    "apps/admin/package.json": dev("@b/web"),
    "apps/empty/readme": "",
    "tools/cli/package.json": dev("logs"),
  });
  expect(findProject(directory).services.map(({ name, command, cwd }) => [name, command, cwd])).toEqual([
    ["app-logs", "yarn run dev", "tools/cli"],
    ["web", "yarn run dev", "apps/admin"],
    ["web-2", "yarn run dev", "apps/web"],
  ]);
});

test("what it writes is a configuration; one that is there is left as it is", async () => {
  const directory = project({
    "package.json": { name: "shop", scripts: { "dev:api": "PORT=4001 node api.mjs", "dev:job": "node job.mjs" } },
  });
  const shell = createTestShell({ cwd: directory });
  expect(await run(root, ["init"], shell)).toBe(0);
  expect(shell.out()).toBe(
    "devmux.config.json for shop\n" +
      "  api          npm run dev:api, works when port 4001 answers\n" +
      "  job          npm run dev:job, works while it runs\n" +
      "  start them: devmux dev start\n",
  );
  const file = join(directory, "devmux.config.json");
  const text = readFileSync(file, "utf8");
  expect(parseProject(file, text).services.map(({ name, health }) => [name, health])).toEqual([
    ["api", { kind: "port", port: 4001 }],
    ["job", undefined],
  ]);
  expect(await run(root, ["init"], shell)).toBe(1);
  expect(shell.err()).toContain("is there already; it was not changed");
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("without a package.json it says what to do", async () => {
  const shell = createTestShell({ cwd: project({}) });
  expect(await run(root, ["init"], shell)).toBe(0);
  expect(shell.out()).toContain("no dev or start script here; add services by hand");
});
