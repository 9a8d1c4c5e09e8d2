// Node processes with the built client, against a collector on a real socket: what arrives, and that the process is the
// same as without it.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type CollectorDouble, createCollectorDouble } from "../../testing/collector-double.ts";

const preload = fileURLToPath(new URL("../../../dist/node.js", import.meta.url));
const commonJs = fileURLToPath(new URL("../../../dist/cjs/index.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

async function run(code: string, env: { [name: string]: string }, args: readonly string[] = ["--import", preload]) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...args, "--input-type=module", "-e", code], {
    env: { PATH: process.env.PATH, OTEL_SERVICE_NAME: "tool", ...env },
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (texts.stdout += data));
  child.stderr.on("data", (data) => (texts.stderr += data));
  const exit = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code: exit, ...texts, ms: performance.now() - startedAt } satisfies Ended;
}

const bodies = ({ records }: CollectorDouble): unknown[] => records.map(({ body }) => body);

const programs: [string, string, unknown[]][] = [
  ["ends by itself", "console.log('a'); console.warn('b')", ["a", "b"]],
  ["ends later", "setTimeout(() => console.log('late'), 60)", ["late"]],
  ["calls process.exit", "console.log('last'); process.exit(7)", ["last"]],
  [
    "calls process.exit when it is connected",
    "setTimeout(() => { for (let i = 0; i < 300; i++) console.log(i); process.exit(3) }, 200)",
    Array.from({ length: 300 }, (_, index) => `${index}`),
  ],
  ["throws", "console.log('before'); throw new TypeError('thrown')", ["before", "TypeError: thrown"]],
  ["throws what is no error", "throw { a: 1 }", ["Uncaught { a: 1 }"]],
  ["throws later", "setTimeout(() => { throw new Error('later') }, 20)", ["Error: later"]],
  ["rejects", "void Promise.reject(new RangeError('rejected'))", ["RangeError: rejected"]],
  ["rejects with a text", "void Promise.reject('only text')", ["Uncaught 'only text'"]],
  [
    "handles its errors itself",
    "process.on('uncaughtException', () => {}); setTimeout(() => console.log('alive'), 20); throw new Error('handled')",
    ["Error: handled", "alive"],
  ],
  [
    "handles its rejections itself",
    "process.on('unhandledRejection', () => console.log('seen')); void Promise.reject(new Error('r'))",
    ["Error: r", "seen"],
  ],
  ["warns", "process.emitWarning('careful', 'CarefulWarning')", ["CarefulWarning: careful"]],
  [
    "prints hostile things",
    "console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { return 'own' }, a: 1 })",
    [expect.stringMatching(/^\{ a: 1, \[/)],
  ],
  [
    "prints what throws when it is printed",
    `const hostile = { [Symbol.for("nodejs.util.inspect.custom")]() { throw new RangeError("own") }, a: 1 };
     try { console.log(hostile) } catch (error) { process.stdout.write("caught " + error.message) }`,
    [expect.stringMatching(/^\{ a: 1, \[/)],
  ],
  [
    "handles an error and exits by itself",
    "process.on('uncaughtException', (e) => { console.error('fatal', e.message); process.exit(9) }); throw new Error('x')",
    ["Error: x", "fatal x"],
  ],
  ["sets its exit code", "console.log('a'); process.exitCode = 6", ["a"]],
  ["logs as it exits", "process.on('exit', () => console.log('bye')); console.log('a')", ["a", "bye"]],
  [
    "logs in a thread",
    "import { Worker } from 'node:worker_threads'; new Worker('console.log(\"in a thread\")', { eval: true })",
    ["in a thread"],
  ],
  [
    "ends a thread at once",
    "import { Worker } from 'node:worker_threads'; new Worker('console.log(\"at once\"); process.exit(2)', { eval: true })",
    ["at once"],
  ],
];

test.each(programs)("a process that %s: its records arrive, nothing else changes", async (_, code, expected) => {
  const collector = await createCollectorDouble();
  const seen = await run(code, { DEVMUX_SERVER_URL: collector.url });
  const plain = await run(code, {}, []);
  // process.exit cuts off what the pipe has not taken yet, with the client or without.
  const length = /process\.exit/.test(code) ? Math.min(seen.stdout.length, plain.stdout.length) : undefined;
  const shown = ({ code: exit, stdout, stderr }: Ended) => [exit, stdout.slice(0, length), withoutPids(stderr)];
  expect(shown(seen)).toEqual(shown(plain));
  expect(collector.faults).toEqual([]);
  expect(bodies(collector)).toEqual(expected);
  await collector.close();
});

function withoutPids(text: string): string {
  return text.replace(/\(node:\d+\)/g, "(node)");
}

test("the hello tells the process", async () => {
  const collector = await createCollectorDouble();
  await run("console.log('here')", {
    DEVMUX_SERVER_URL: collector.url,
    DEVMUX_TOKEN: "secret",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=dev, team=a%20b,",
  });
  expect(collector.hellos[0]).toMatchObject({
    token: "secret",
    platform: { kind: "node", os: process.platform },
    resource: {
      "service.name": "tool",
      "telemetry.sdk.language": "nodejs",
      "process.pid": expect.any(Number),
      "deployment.environment.name": "dev",
      team: "a b",
    },
  });
  expect(collector.records[0]?.attributes).toMatchObject({ "code.line.number": 1 });
  await collector.close();
});

test("without a collector a process ends as soon, with the same code", async () => {
  const collector = await createCollectorDouble();
  await collector.kill();
  const env = { DEVMUX_SERVER_URL: collector.url };
  const [natural, exit] = [await run("console.log('a')", env), await run("console.log('a'); process.exit(4)", env)];
  expect([natural.code, exit.code, natural.stderr, exit.stderr]).toEqual([0, 4, "", ""]);
  // Not the two seconds of a flush.
  expect(Math.max(natural.ms, exit.ms)).toBeLessThan(1_500);
  await collector.close();
});

test("with a collector a process ends when what it said is taken, and no later", async () => {
  const collector = await createCollectorDouble();
  const env = { DEVMUX_SERVER_URL: collector.url };
  // Open and idle: neither the socket nor a timer of ours is a reason to go on.
  const { code, ms } = await run("console.log('a'); setTimeout(() => {}, 300)", env);
  const plain = await run("console.log('a'); setTimeout(() => {}, 300)", {}, []);
  expect([code, bodies(collector)]).toEqual([0, ["a"]]);
  // Loading the client is half of it; a flush that waits would be two seconds.
  expect(ms - plain.ms).toBeLessThan(1_500);
  await collector.close();
});

test("a process whose output nobody reads any more: its records arrive, and it ends as it would", async () => {
  const collector = await createCollectorDouble();
  const code = "setTimeout(() => { for (let i = 0; i < 3; i++) console.log('unread', i); }, 100)";
  const ends: (number | null)[] = [];
  for (const args of [["--import", preload], []]) {
    const child = spawn(process.execPath, [...args, "--input-type=module", "-e", code], {
      env: { PATH: process.env.PATH, OTEL_SERVICE_NAME: "tool", DEVMUX_SERVER_URL: collector.url },
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout?.destroy();
    ends.push(await new Promise((resolve) => child.on("exit", resolve)));
  }
  expect(ends[0]).toBe(ends[1]);
  expect(bodies(collector).filter((body) => String(body).startsWith("unread"))).toEqual([
    "unread 0",
    "unread 1",
    "unread 2",
  ]);
  await collector.close();
});

test("switched off, or in production, nothing is touched", async () => {
  const collector = await createCollectorDouble();
  const code = "console.log(console.log.toString().includes('native'), process.listenerCount('exit'))";
  const plain = await run(code, {}, []);
  for (const env of [{ DEVMUX_ENABLED: "false" }, { NODE_ENV: "production" }]) {
    expect((await run(code, { DEVMUX_SERVER_URL: collector.url, ...env })).stdout).toBe(plain.stdout);
  }
  expect(collector.connections).toBe(0);
  await collector.close();
});

test("no handler is added that would keep a process alive", async () => {
  const collector = await createCollectorDouble();
  const code =
    "console.log(['uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM'].map((each) => process.listenerCount(each)).join())";
  expect((await run(code, { DEVMUX_SERVER_URL: collector.url })).stdout).toBe("0,0,0,0\n");
  await collector.close();
});

test("as a preload in NODE_OPTIONS", async () => {
  const collector = await createCollectorDouble();
  const { code } = await run(
    "console.log('x'); process.exit(5)",
    { DEVMUX_SERVER_URL: collector.url, NODE_OPTIONS: `--import ${preload}` },
    [],
  );
  expect([code, bodies(collector)]).toEqual([5, ["x"]]);
  await collector.close();
});

test("CommonJS: init, flush and shutdown settle where nothing else keeps the process alive", async () => {
  const collector = await createCollectorDouble();
  const code = `
    import { createRequire } from "node:module";
    const { initTelemetry, shutdownTelemetry } = createRequire(import.meta.url ?? "file:///x.js")(${JSON.stringify(commonJs)});
    const telemetry = initTelemetry({ serverUrl: "${collector.url}", serviceName: "nest" });
    console.log("one");
    await telemetry.flush();
    console.log(telemetry.status.acknowledged);
    await shutdownTelemetry();
    console.log("not captured");`;
  const { code: exit, stdout } = await run(code, {}, []);
  expect([exit, stdout]).toEqual([0, "one\n2\nnot captured\n"]);
  expect(bodies(collector)).toEqual(["one", "2"]);
  expect(collector.messages.at(-1)).toBe("goodbye");
  await collector.close();
});
