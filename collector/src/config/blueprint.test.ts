import { describe, expect, test } from "vitest";
import { z } from "zod";
import type {
  AnyFactory,
  ConnectorFactory,
  ExporterFactory,
  ProcessorFactory,
  ReceiverFactory,
} from "../component/index.ts";
import { accepted } from "../component/index.ts";
import { type BlueprintOptions, createBlueprint } from "./blueprint.ts";
import { ConfigError } from "./problems.ts";
import { duration } from "./units.ts";

const receiver: ReceiverFactory = {
  kind: "receiver",
  type: "source",
  summary: "",
  signals: ["logs", "traces", "metrics"],
  config: z.strictObject({ port: z.int().min(0).max(65_535).default(1) }),
  create: () => ({}),
};
const processor: ProcessorFactory = {
  kind: "processor",
  type: "pass",
  summary: "",
  signals: ["logs"],
  config: z.strictObject({}),
  create: (_settings, _config, next) => next,
};
const exporter: ExporterFactory = {
  kind: "exporter",
  type: "file",
  aliases: ["old_file"],
  summary: "",
  signals: ["logs"],
  config: z.strictObject({ path: z.string().default("x"), flush_interval: duration("1s") }),
  queue: { whenFull: "drop_oldest" },
  create: () => ({ export: async () => accepted }),
};
const connector: ConnectorFactory = {
  kind: "connector",
  type: "forward",
  summary: "",
  signals: ["logs"],
  config: z.strictObject({}),
  create: (_settings, _config, outputs) => outputs.logs!,
};
const factories: AnyFactory[] = [receiver, processor, exporter, connector];

function problemsOf(config: unknown, options: BlueprintOptions = {}): string[] {
  try {
    createBlueprint(config, factories, { basePath: "telemetry.collector", ...options });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

const logs = (lists: object) => ({ service: { pipelines: { logs: lists } } });

describe("blueprint", () => {
  test("takes a good configuration, with defaults filled in and the engine's keys read", () => {
    const blueprint = createBlueprint(
      {
        receivers: { source: null },
        processors: { pass: {} },
        exporters: { "file/a": { sending_queue: { queue_size: "1MiB", num_consumers: 2 } }, old_file: {} },
        ...logs({ receivers: ["source"], processors: ["pass"], exporters: ["file/a", "old_file"] }),
      },
      factories,
    );
    expect(blueprint.receivers.get("source")?.config).toEqual({ port: 1 });
    expect(blueprint.exporters.get("file/a")).toMatchObject({
      config: { path: "x", flush_interval: 1000 },
      queue: { maxBytes: 1024 * 1024, consumers: 2, whenFull: "drop_oldest" },
    });
  });

  test("reports every problem at once, each with its path and the nearest name", () => {
    const problems = problemsOf({
      receivers: { source: { prot: 1 }, sorce: {} },
      exporters: { file: { flush_interval: "soon", path: 5 }, "file/": {} },
      service: {
        extensions: ["gone"],
        pipelines: {
          logs: { receivers: ["source"], exporters: ["file", "flie"] },
          traces: { receivers: ["source"], exporters: ["file"] },
          log: { receivers: [], exporters: [] },
        },
      },
    });
    const base = "telemetry.collector";
    expect(problems).toEqual([
      `${base}.receivers.source.prot: unknown key "prot"; did you mean "port"?`,
      `${base}.receivers.sorce: unknown receiver type "sorce"; did you mean "source"?`,
      `${base}.exporters.file.path: expected string, got 5`,
      `${base}.exporters.file.flush_interval: expected a duration such as 5s, 200ms or 1m30s, got "soon"`,
      `${base}.exporters.file/: in "file/" id: the part after / should not be empty`,
      `${base}.service.pipelines.log: unknown signal "log"; did you mean "logs"?`,
      `${base}.service.extensions[0]: "gone" is not configured`,
      `${base}.service.pipelines.logs.exporters[1]: "flie" is not configured; did you mean "file"?`,
    ]);
  });

  test("what has not the right shape hides nothing of what else is wrong", () => {
    const config = {
      receivers: { sourc: {} },
      exporters: ["file"],
      exporter: { file: {} },
      service: {
        telemetry: { logs: { level: "debug" } },
        pipelines: { logs: { receivers: ["source"], exporters: "file" }, log: { receivers: ["source"] } },
      },
    };
    expect(problemsOf(config)).toEqual([
      "telemetry.collector.exporters: expected a map, got a list",
      'telemetry.collector.service.pipelines.logs.exporters: expected a list, got "file"',
      expect.stringMatching(
        /^telemetry\.collector\.service\.telemetry: is not configured here: .*collector\.log.*\/metrics/,
      ),
      'telemetry.collector.exporter: unknown key "exporter"; did you mean "exporters"?',
      'telemetry.collector.receivers.sourc: unknown receiver type "sourc"; did you mean "source"?',
      'telemetry.collector.service.pipelines.log: unknown signal "log"; did you mean "logs"?',
    ]);
  });

  test("refuses a signal that an exporter does not take", () => {
    const problems = problemsOf({
      receivers: { source: {} },
      exporters: { file: {} },
      service: { pipelines: { traces: { receivers: ["source"], exporters: ["file"] } } },
    });
    expect(problems).toEqual([
      'telemetry.collector.service.pipelines.traces.exporters[0]: "file" does not take traces; it takes logs',
    ]);
  });

  test("finds empty pipelines, doubles and no pipeline at all", () => {
    expect(problemsOf({})).toEqual(["telemetry.collector.service.pipelines: service must have at least one pipeline"]);
    const path = "telemetry.collector.service.pipelines.logs";
    expect(problemsOf({ receivers: { source: {} }, ...logs({ receivers: ["source", "source"] }) })).toEqual([
      `${path}.receivers[1]: references "source" multiple times`,
      `${path}.exporters: must have at least one exporter`,
    ]);
  });

  test("finds connectors used on one side only, ambiguous ids and cycles", () => {
    const rest = { receivers: { source: {} }, exporters: { file: {} } };
    expect(
      problemsOf({ ...rest, connectors: { forward: {} }, ...logs({ receivers: ["source"], exporters: ["forward"] }) }),
    ).toEqual(["telemetry.collector.connectors.forward: is used as exporter in a pipeline but as receiver in none"]);
    const cyclic = problemsOf({
      ...rest,
      connectors: { "forward/a": {}, "forward/b": {} },
      service: {
        pipelines: {
          "logs/1": { receivers: ["source", "forward/b"], exporters: ["forward/a"] },
          "logs/2": { receivers: ["forward/a"], exporters: ["forward/b"] },
        },
      },
    });
    expect(cyclic).toEqual([
      "telemetry.collector.service.pipelines: cycle through connectors: logs/1 -> logs/2 -> logs/1",
    ]);
  });

  test("a pipeline that a connector feeds is built before the one that feeds it", () => {
    const { pipelines } = createBlueprint(
      {
        receivers: { source: {} },
        exporters: { file: {} },
        connectors: { forward: {} },
        service: {
          pipelines: {
            "logs/in": { receivers: ["source"], exporters: ["forward"] },
            "logs/out": { receivers: ["forward"], exporters: ["file"] },
          },
        },
      },
      factories,
    );
    expect(pipelines.map(({ id }) => id)).toEqual(["logs/out", "logs/in"]);
  });
});

describe("what two would serve", () => {
  const listener: ReceiverFactory<{ port: number; path: string | undefined; optional: boolean }> = {
    kind: "receiver",
    type: "listener",
    summary: "",
    signals: ["logs"],
    config: z
      .strictObject({ port: z.int().default(1), path: z.string().optional(), optional: z.boolean().default(false) })
      .transform(({ path, ...rest }) => ({ ...rest, path })),
    claims: ({ port, path, optional }) => [
      {
        option: "port",
        address: { host: "127.0.0.1", port, optional },
        ...(path === undefined ? {} : { routes: [path] }),
      },
    ],
    create: () => ({}),
  };
  const claims = (receivers: Record<string, object>, used = Object.keys(receivers), options: BlueprintOptions = {}) => {
    try {
      createBlueprint(
        { receivers, exporters: { file: {} }, ...logs({ receivers: used, exporters: ["file"] }) },
        [...factories, listener],
        options,
      );
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split("\n");
      throw error;
    }
    return [];
  };

  test("a port claimed twice is a problem, also where one is the collector's own", () => {
    expect(claims({ listener: { port: 5 }, "listener/b": { port: 5 } })).toEqual([
      "receivers.listener/b.port: port 5 on 127.0.0.1 is claimed by receivers.listener.port too; give one of them another port",
    ]);
    expect(claims({ listener: { port: 5 } }, undefined, { address: { host: "0.0.0.0", port: 5 } })).toEqual([
      "receivers.listener.port: port 5 on 127.0.0.1 is claimed by telemetry.port too; give one of them another port",
    ]);
  });

  test("a listener that is shared is none, but for the same path", () => {
    expect(claims({ listener: { port: 5, path: "/a" }, "listener/b": { port: 5, path: "/b" } })).toEqual([]);
    expect(claims({ listener: { port: 5, path: "/a" }, "listener/b": { port: 5, path: "/a" } })).toEqual([
      "receivers.listener/b.port: /a on 127.0.0.1:5 is served by receivers.listener.port too; give one of them another path or address",
    ]);
  });

  test("nor is any free port, a port that may be left, or a receiver that no pipeline uses", () => {
    expect(claims({ listener: { port: 0 }, "listener/b": { port: 0 } })).toEqual([]);
    expect(claims({ listener: { port: 5 }, "listener/b": { port: 5, optional: true } })).toEqual([]);
    expect(claims({ listener: { port: 5 }, "listener/b": { port: 5 } }, ["listener"])).toEqual([]);
  });
});

test("what came from the environment as a number is its text where a string is expected", () => {
  const raw = {
    receivers: { source: { port: 42 } },
    exporters: { file: { path: 42 } },
    ...logs({ receivers: ["source"], exporters: ["file"] }),
  };
  const texts = new Map([
    ["exporters.file.path", "0042"],
    ["receivers.source.port", "0042"],
  ]);
  const blueprint = createBlueprint(raw, factories, { basePath: "telemetry.collector", texts });
  expect(blueprint.exporters.get("file")?.config).toMatchObject({ path: "0042" });
  expect(blueprint.receivers.get("source")?.config).toEqual({ port: 42 });
  expect(problemsOf(raw)).toEqual(["telemetry.collector.exporters.file.path: expected string, got 42"]);
});

test("a connector that no pipeline names is a problem", () => {
  const raw = {
    receivers: { source: {} },
    exporters: { file: {} },
    connectors: { forward: {} },
    ...logs({ receivers: ["source"], exporters: ["file"] }),
  };
  expect(problemsOf(raw)).toEqual([
    "telemetry.collector.connectors.forward: is used in no pipeline; name it as exporter of one and receiver of another",
  ]);
});
