// A configuration that changes while the collector runs: real sockets, and parts that remember what was done to them.

import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import {
  type AnyFactory,
  accepted,
  type ExporterFactory,
  type ExtensionFactory,
  type ProcessorFactory,
  retryable,
  type Verdict,
} from "../component/index.ts";
import { ConfigError } from "../config/problems.ts";
import type { CollectorConfig } from "../config/shape.ts";
import { devmuxReceiverFactory, otlpReceiverFactory } from "../receivers/index.ts";
import { bodiesOf, freePort, startTestCollector, testLogs } from "../testing/index.ts";
import { StartError } from "./lifecycle.ts";

interface Life {
  readonly kind: string;
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  started: number;
  stopped: number;
  readonly bodies: string[];
  answer: (signal: AbortSignal) => Verdict | Promise<Verdict>;
}

/** Factories whose components note their lives: an exporter `sink`, a processor `mark`, an extension `aside`. */
function watched() {
  const lives: Life[] = [];
  const begin = (kind: string, id: string, config: Life["config"]): Life => {
    const life: Life = { kind, id, config, started: 0, stopped: 0, bodies: [], answer: () => accepted };
    if (config.hangs === true)
      life.answer = (signal) =>
        new Promise((resolve) => signal.addEventListener("abort", () => resolve(retryable("told to give up"))));
    if (config.fails === true) life.answer = () => retryable("the backend is away");
    lives.push(life);
    return life;
  };
  const schema = z.strictObject({
    name: z.string().default(""),
    fails: z.boolean().default(false),
    hangs: z.boolean().default(false),
    breaks: z.boolean().default(false),
  });
  const alive = (life: Life) => ({
    async start() {
      if (life.config.breaks === true) throw new Error("it does not work here");
      life.started++;
    },
    async shutdown() {
      life.stopped++;
    },
  });
  const sink: ExporterFactory<z.output<typeof schema>> = {
    kind: "exporter",
    type: "sink",
    summary: "",
    signals: ["logs", "traces"],
    config: schema,
    queue: { initialIntervalMs: 10, maxIntervalMs: 20 },
    create(settings, config) {
      const life = begin("exporter", settings.id, config);
      return {
        ...alive(life),
        async export(batch, signal) {
          const verdict = await life.answer(signal);
          if (verdict.kind === "accepted") life.bodies.push(...bodiesOf(batch));
          return verdict;
        },
      };
    },
  };
  const mark: ProcessorFactory<z.output<typeof schema>> = {
    kind: "processor",
    type: "mark",
    summary: "",
    signals: ["logs", "traces"],
    config: schema,
    create(settings, config, next) {
      const life = begin("processor", settings.id, config);
      return {
        ...alive(life),
        consume(batch) {
          life.bodies.push(...bodiesOf(batch));
          return next.consume(batch);
        },
      };
    },
  };
  const aside: ExtensionFactory<z.output<typeof schema>> = {
    kind: "extension",
    type: "aside",
    summary: "",
    config: schema,
    create: (settings, config) => alive(begin("extension", settings.id, config)),
  };
  const of = (id: string) => lives.filter((life) => life.id === id);
  return { lives, of, factories: [devmuxReceiverFactory, otlpReceiverFactory, sink, mark, aside] as AnyFactory[] };
}

const otlp = { protocols: {} };

function config(overrides: Partial<CollectorConfig> = {}): CollectorConfig {
  return {
    receivers: { devmux: {}, otlp },
    processors: { mark: {} },
    exporters: { sink: {} },
    service: { pipelines: { logs: { receivers: ["devmux", "otlp"], processors: ["mark"], exporters: ["sink"] } } },
    ...overrides,
  };
}

async function start(first: CollectorConfig) {
  const parts = watched();
  const world = await startTestCollector(first, parts.factories);
  onTestFinished(() => world[Symbol.asyncDispose]());
  const base = `http://${world.authority}`;
  const post = (path: string, body: Uint8Array) =>
    fetch(base + path, {
      method: "POST",
      body: Buffer.from(body),
      headers: { "content-type": "application/x-protobuf" },
    });
  let sent = 0;
  return {
    ...parts,
    world,
    base,
    post,
    reload: (next: CollectorConfig) => world.collector.reload({ config: next, factories: parts.factories }),
    /** Sends records with numbers that go on from call to call; gives the HTTP status. */
    async send(count: number, prefix = "r ") {
      const batch = testLogs(count, prefix, sent);
      const answer = await post("/v1/logs", batch.encode());
      await answer.arrayBuffer();
      if (answer.status === 200) sent += count;
      return answer.status;
    },
  };
}

async function client(authority: string) {
  const socket = new WebSocket(`ws://${authority}`);
  onTestFinished(() => socket.terminate());
  const closed = { value: false };
  socket.on("close", () => {
    closed.value = true;
  });
  await once(socket, "open");
  const envelope = (type: string, payload: object) =>
    JSON.stringify({
      protocol: "devmux-telemetry",
      version: 1,
      type,
      payload,
      meta: { clientId: "c", timestamp: Date.now() },
    });
  const answered = once(socket, "message");
  socket.send(
    envelope("hello", {
      resource: { "service.name": "app", "telemetry.sdk.name": "t", "telemetry.sdk.version": "1" },
      platform: { kind: "node" },
    }),
  );
  await answered;
  return {
    closed,
    log: (body: string) =>
      socket.send(envelope("log", { timestamp: Date.now(), severityNumber: 9, severityText: "INFO", body })),
  };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `r ${index}`);

test("what did not change is not touched, and nothing is what changed", async () => {
  const { reload, lives, send } = await start(config());
  expect(await reload(config())).toEqual({ started: [], stopped: [], replaced: [], kept: 4 });
  expect(lives.map(({ started, stopped }) => [started, stopped])).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(await send(1)).toBe(200);
});

test("an exporter comes, changes and goes; the client stays connected and the other parts what they are", async () => {
  const { reload, of, world } = await start(config());
  const app = await client(world.authority);
  const both = ["sink", "sink/b"];
  const with2 = (b: object) =>
    config({
      exporters: { sink: {}, "sink/b": b },
      service: { pipelines: { logs: { receivers: ["devmux", "otlp"], processors: ["mark"], exporters: both } } },
    });
  app.log("one");
  await expect.poll(() => of("sink")[0]?.bodies).toEqual(["one"]);
  expect(await reload(with2({ name: "first" }))).toEqual({
    started: ["exporter sink/b"],
    stopped: [],
    replaced: [],
    kept: 4,
  });
  app.log("two");
  await expect.poll(() => of("sink/b")[0]?.bodies).toEqual(["two"]);
  expect(await reload(with2({ name: "second" }))).toMatchObject({ replaced: ["exporter sink/b"], kept: 4 });
  app.log("three");
  await expect.poll(() => of("sink/b").map(({ bodies }) => bodies)).toEqual([["two"], ["three"]]);
  expect(await reload(config())).toMatchObject({ stopped: ["exporter sink/b"], kept: 4 });
  app.log("four");
  await expect.poll(() => of("sink")[0]?.bodies).toEqual(["one", "two", "three", "four"]);
  expect(of("sink/b").map(({ started, stopped }) => [started, stopped])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(of("sink").map(({ started, stopped }) => [started, stopped])).toEqual([[1, 0]]);
  expect(of("mark (logs)").map(({ started, stopped }) => [started, stopped])).toEqual([[1, 0]]);
  expect(app.closed.value).toBe(false);
});

test("a processor changes in one pipeline alone", async () => {
  const two = (mark: object) =>
    config({
      processors: { mark, "mark/b": {} },
      service: {
        pipelines: {
          logs: { receivers: ["otlp"], processors: ["mark", "mark/b"], exporters: ["sink"] },
          "logs/2": { receivers: ["devmux"], processors: ["mark/b"], exporters: ["sink"] },
        },
      },
    });
  const { reload, lives, send } = await start(two({}));
  await send(2);
  expect(await reload(two({ name: "changed" }))).toEqual({
    started: [],
    stopped: [],
    replaced: ["processor mark (logs)"],
    kept: 5,
  });
  await send(2);
  const processors = lives.filter(({ kind }) => kind === "processor");
  expect(processors.map(({ id, config: { name }, bodies }) => [id, name, bodies.length])).toEqual([
    ["mark/b (logs)", "", 4],
    ["mark (logs)", "", 2],
    ["mark/b (logs/2)", "", 0],
    ["mark (logs)", "changed", 2],
  ]);
});

test("a configuration with a problem changes nothing and says why", async () => {
  const { reload, lives, send, world } = await start(config());
  const before = lives.length;
  const wrong = config({ exporters: { sink: { nmae: "x" } }, processors: { mark: {}, mrak: {} } });
  const error = await reload(wrong).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toBe(
    'processors.mrak: unknown processor type "mrak"; did you mean "mark"?\nexporters.sink.nmae: unknown key "nmae"; did you mean "name"?',
  );
  expect([lives.length, await send(1)]).toEqual([before, 200]);
  expect(world.collector.status().components.every(({ state }) => state === "ok")).toBe(true);
});

test("a part that does not start brings everything back, with what was queued", async () => {
  const { reload, of, send, world } = await start(config({ exporters: { sink: { fails: true } } }));
  const app = await client(world.authority);
  for (let batch = 0; batch < 3; batch++) expect(await send(2)).toBe(200);
  const broken = config({ exporters: { sink: { breaks: true } }, processors: { mark: { name: "new" } } });
  const error = await reload(broken).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StartError);
  expect((error as Error).message).toBe('failed to start exporter "sink": it does not work here');
  expect(world.collector.status().components.find(({ kind }) => kind === "exporter")?.queue?.items).toBe(6);
  of("sink").at(-1)!.answer = () => accepted;
  await expect.poll(() => of("sink").at(-1)?.bodies).toEqual(numbered(6));
  expect(await send(1)).toBe(200);
  await expect.poll(() => of("sink").at(-1)?.bodies).toEqual(numbered(7));
  const marks = of("mark (logs)");
  expect([marks.at(-1)?.config.name, marks.at(-1)?.stopped]).toEqual(["", 0]);
  expect(app.closed.value).toBe(false);
  const { signals, dropped } = world.collector.status().components.find(({ kind }) => kind === "exporter")!;
  expect([signals.logs?.accepted, signals.logs?.sent, dropped]).toEqual([7, 7, 0]);
});

test("what an exporter could not send goes to the one that takes its place, in order", async () => {
  const { reload, of, send, world } = await start(config({ exporters: { sink: { fails: true } } }));
  for (let batch = 0; batch < 5; batch++) expect(await send(3)).toBe(200);
  await reload(config());
  await expect.poll(() => of("sink").at(-1)?.bodies).toEqual(numbered(15));
  const { signals, dropped, queue } = world.collector.status().components.find(({ kind }) => kind === "exporter")!;
  expect(signals.logs).toMatchObject({ accepted: 15, sent: 15, dropped: 0 });
  expect([dropped, queue?.items]).toEqual([0, 0]);
});

test("while one pipeline waits for its exporter to go, another answers at once", async () => {
  const pipelines = (name: string) =>
    config({
      exporters: { sink: {}, "sink/slow": { name, hangs: name === "first" } },
      service: {
        pipelines: {
          logs: { receivers: ["otlp"], processors: ["mark"], exporters: ["sink"] },
          "logs/slow": { receivers: ["devmux"], exporters: ["sink/slow"] },
        },
      },
    });
  const { reload, of, send, world } = await start(pipelines("first"));
  const app = await client(world.authority);
  app.log("held");
  await expect
    .poll(() => world.collector.status().components.find(({ id }) => id === "sink/slow")?.queue?.items)
    .toBe(1);
  const reloaded = reload(pipelines("second"));
  let done = false;
  void reloaded.then(() => {
    done = true;
  });
  // The change waits two seconds for the one that hangs; what were held back for it would be answered when it is done.
  for (let batch = 0; batch < 3; batch++) expect(await send(1)).toBe(200);
  expect(done).toBe(false);
  await reloaded;
  await expect.poll(() => of("sink/slow").at(-1)?.bodies).toEqual(["held"]);
  expect(app.closed.value).toBe(false);
});

test("a receiver gets another port and another signal; the WebSocket client on the same listener stays", async () => {
  const [first, second] = [await freePort(), await freePort()];
  const at = (port: number, more: object = {}) =>
    config({
      receivers: { devmux: {}, otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      service: { pipelines: { logs: { receivers: ["devmux", "otlp"], exporters: ["sink"] }, ...more } },
      processors: {},
    });
  const { reload, post, world, of } = await start(at(first));
  const app = await client(world.authority);
  const listens = async (port: number) => {
    const socket = connect({ host: "127.0.0.1", port });
    const listening = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    return listening;
  };
  expect([await listens(first), await listens(second)]).toEqual([true, false]);
  expect((await post("/v1/traces", new Uint8Array())).status).toBe(404);
  expect(await reload(at(second))).toMatchObject({ replaced: ["receiver otlp"] });
  expect([await listens(first), await listens(second)]).toEqual([false, true]);
  const traces = { traces: { receivers: ["otlp"], exporters: ["sink"] } };
  expect(await reload(at(second, traces))).toMatchObject({ replaced: ["receiver otlp"] });
  expect((await post("/v1/traces", new Uint8Array())).status).toBe(200);
  app.log("still here");
  await expect.poll(() => of("sink")[0]?.bodies).toEqual(["still here"]);
  expect(app.closed.value).toBe(false);
});

test("a port that is taken leaves everything as it was", async () => {
  const taken = await freePort();
  const other = await startTestCollector(
    config({
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${taken}` } } } },
      service: { pipelines: { logs: { receivers: ["otlp"], exporters: ["sink"] } } },
    }),
    watched().factories,
  );
  onTestFinished(() => other[Symbol.asyncDispose]());
  const { reload, send, world } = await start(config());
  const app = await client(world.authority);
  const wanted = config({
    receivers: { devmux: {}, otlp: { protocols: { http: { endpoint: `127.0.0.1:${taken}` } } } },
  });
  await expect(reload(wanted)).rejects.toThrow(`cannot listen on 127.0.0.1:${taken}: the port is in use`);
  expect([await send(1), app.closed.value]).toEqual([200, false]);
  expect(world.collector.status().components.find(({ id }) => id === "otlp")?.state).toBe("ok");
});

test("an extension comes, changes and goes", async () => {
  const withAside = (name: string) =>
    config({ extensions: { aside: { name } }, service: { extensions: ["aside"], ...config().service } });
  const { reload, of } = await start(config());
  expect(await reload(withAside("a"))).toMatchObject({ started: ["extension aside"] });
  expect(await reload(withAside("b"))).toMatchObject({ replaced: ["extension aside"] });
  expect(await reload(config())).toMatchObject({ stopped: ["extension aside"] });
  expect(of("aside").map(({ config: { name }, started, stopped }) => [name, started, stopped])).toEqual([
    ["a", 1, 1],
    ["b", 1, 1],
  ]);
});

test("under load, reload after reload loses nothing and doubles nothing", async () => {
  const { reload, send, of, world } = await start(config());
  let accepting = 0;
  let going = true;
  let progress = () => {};
  const sending = (async () => {
    while (going) {
      if ((await send(3)) === 200) accepting += 3;
      progress();
    }
  })();
  for (let round = 0; round < 25; round++) {
    // The next request is under way when the configuration changes.
    await new Promise<void>((resolve) => {
      progress = resolve;
    });
    await reload(config({ exporters: { sink: { name: `${round}` } }, processors: { mark: { name: `${round % 3}` } } }));
  }
  going = false;
  await sending;
  const all = () => of("sink").flatMap(({ bodies }) => bodies);
  await expect.poll(() => all().length).toBe(accepting);
  expect(all()).toEqual(numbered(accepting));
  expect(accepting).toBeGreaterThan(50);
  const { signals, dropped } = world.collector.status().components.find(({ kind }) => kind === "exporter")!;
  expect([signals.logs?.accepted, signals.logs?.sent, dropped]).toEqual([accepting, accepting, 0]);
});

test("a collector that stops takes no configuration any more", async () => {
  const { reload, world } = await start(config());
  await world.collector.shutdown(1_000);
  await expect(reload(config())).rejects.toThrow("the collector is stopping");
});
