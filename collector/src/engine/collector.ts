// The collector: a blueprint brought to life, with its listeners, streams and state.

import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { DevControl } from "../api/dev.ts";
import { type ReloadAnswer, registerApi } from "../api/routes.ts";
import type { AnyFactory, CollectorHealth, ListenAddress, Log } from "../component/index.ts";
import { createBlueprint } from "../config/blueprint.ts";
import type { CollectorConfig } from "../config/shape.ts";
import { checkAccess } from "../http/access.ts";
import { createOwnAddresses } from "../http/addresses.ts";
import { createAdmission } from "../http/admission.ts";
import { createListeners } from "../http/listeners.ts";
import { diagnose } from "./doctor/doctor.ts";
import { buildGraph, nodesOf } from "./graph.ts";
import { createHosts } from "./hosts.ts";
import { type IdleMemory, keepIdleMemorySmall } from "./idle-memory.ts";
import { startAll, stopAll } from "./lifecycle.ts";
import { createMetrics, type Measured } from "./metrics/metrics.ts";
import { createProbes } from "./probes.ts";
import { startRates } from "./rates.ts";
import { type Reloaded, type Running, reload } from "./reload.ts";
import { componentHealth, componentStatus, pipelineStatus, type StatusReport, streamStatus } from "./status.ts";
import { createStores } from "./stores/stores.ts";
import { createStreams } from "./streams.ts";
import { collectByBytes } from "./young-garbage.ts";

/** What a reload may change. */
export interface PipelineConfig {
  /** OTel-Collector-shaped; `defaultConfig()` makes the usual one. */
  readonly config: CollectorConfig;
  /** Where `config` stands in the user's file, for error messages; "" where it is a file of its own. */
  readonly configPath?: string;
  /** `texts` of what `substituteEnvironment` gave. */
  readonly configTexts?: ReadonlyMap<string, string>;
  readonly factories: readonly AnyFactory[];
}

export interface CollectorOptions extends PipelineConfig {
  /** The collector's own port: WebSocket, API. */
  readonly address: ListenAddress;
  /** Directory for files of the program; made with mode 0700 where it is not there. */
  readonly stateDir: string;
  readonly version: string;
  readonly log: Log;
  readonly allowedOrigins?: readonly string[];
  readonly allowedHosts?: readonly string[];
  /** Secret for reading and control over HTTP. Without one the API is not served. */
  readonly controlToken?: string;
  /** Secret that clients from the network must name in their `hello`. */
  readonly clientToken?: string;
  /** Called when the API is asked to stop; the caller calls `shutdown`. */
  readonly onStopRequested?: () => void;
  /** Called when the API is asked to read the configuration again; the caller calls `reload`. */
  readonly onReloadRequested?: () => Promise<ReloadAnswer>;
  /** Starts and stops the dev session that the API speaks of. */
  readonly dev?: DevControl;
}

export interface Collector {
  /** Resolves when every receiver listens. Throws ConfigError, ListenError or StartError, after undoing what it did. */
  start(): Promise<void>;
  /** Drains within the deadline. Safe twice and without `start`. */
  shutdown(deadlineMs: number): Promise<StatusReport>;
  /**
   * Applies another configuration: what it leaves as it was is not touched, clients stay connected. Throws ConfigError, StartError or
   * ListenError; then nothing has changed.
   */
  reload(next: PipelineConfig): Promise<Reloaded>;
  status(): StatusReport;
  /** Changes with every start of the program; tells one collector from another on the same port. */
  readonly instanceId: string;
  /** The port that is bound, once started. */
  readonly port: number;
}

/** How long a part that a reload replaces may take to hand on what it holds. */
const reloadPatienceMs = 2_000;

/** Throws ConfigError, before anything is touched. */
export function createCollector(options: CollectorOptions): Collector {
  const { log, address, stateDir, version } = options;
  const plan = ({ config, factories, configPath = "", configTexts = new Map() }: PipelineConfig) =>
    createBlueprint(config, factories, { basePath: configPath, texts: configTexts, address });
  const blueprint = plan(options);
  const streams = createStreams();
  const own = createOwnAddresses();
  const rules = { allowedOrigins: [...(options.allowedOrigins ?? [])], allowedHosts: options.allowedHosts ?? [], own };
  const listeners = createListeners(rules, log);
  const probes = createProbes();
  const graphOptions = { log, streams, arrived: collectByBytes(), probes, stats: new Map() };
  let running: Running = { blueprint, graph: buildGraph(blueprint, graphOptions) };
  const instanceId = randomUUID();
  const startedAt = Date.now();
  let stopped: Promise<StatusReport> | undefined;
  let reloading: Promise<unknown> = Promise.resolve();
  let phase: CollectorHealth["phase"] = "starting";

  const hosts = createHosts({
    listeners,
    rules,
    common: {
      stateDir,
      streams,
      collector: { name: "devmux-telemetry", version, instanceId },
      address,
      admits: createAdmission(options.clientToken),
      access: (request) => checkAccess(request, rules),
      health: () => ({ phase, components: componentHealth(running.graph) }),
      extension: (id) => running.graph.extensions.find(({ stats }) => stats.id === id)?.component,
    },
  });

  /** Everything that receivers took or turned back. */
  const activity = () =>
    running.graph.receivers.reduce(
      (sum, { stats }) =>
        sum + Object.values(stats.signals).reduce((all, { accepted, refused }) => all + accepted + refused, 0),
      0,
    );
  let idleMemory: IdleMemory | undefined;
  const stores = createStores({
    stateDir,
    log,
    extensions: () => running.graph.extensions,
    factories: () => running.blueprint.factories,
    hostOf: hosts.of,
    release: hosts.release,
  });
  const rates = startRates(() => nodesOf(running.graph).map(({ stats }) => stats));
  const metrics = createMetrics({
    components: () => nodesOf(running.graph) as readonly Measured[],
    uptimeMs: () => Date.now() - startedAt,
    probes,
    version,
    instanceId,
  });

  const port = () => listeners.addressOf(address)?.port ?? address.port;

  function status(): StatusReport {
    return {
      running: true,
      pid: process.pid,
      version,
      url: `ws://${address.host.includes(":") ? `[${address.host}]` : address.host}:${port()}`,
      startedAt: new Date(startedAt).toISOString(),
      uptimeMs: Date.now() - startedAt,
      instanceId,
      streams: streams.list().map(streamStatus),
      pipelines: pipelineStatus(running.blueprint),
      components: componentStatus(running.graph, rates),
    };
  }

  async function apply(next: PipelineConfig): Promise<Reloaded> {
    if (phase !== "running") throw new Error(`the collector is ${phase}; there is nothing to be changed`);
    return reload(running, plan(next), {
      graphOptions,
      log,
      show: (now) => {
        running = now;
      },
      transitionTools: {
        hostOf: hosts.of,
        stores,
        log,
        patienceMs: reloadPatienceMs,
        release: hosts.release,
        listen: listeners.apply,
      },
    });
  }

  async function stop(deadlineMs: number): Promise<StatusReport> {
    const deadline = AbortSignal.timeout(deadlineMs);
    phase = "stopping";
    idleMemory?.stop();
    rates.stop();
    await reloading.catch(() => undefined);
    await stopAll(running.graph, log, deadline);
    await listeners.close();
    await metrics.shutdown();
    return status();
  }

  return {
    instanceId,
    get port() {
      return port();
    },
    status,
    async start() {
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      try {
        const { controlToken, onStopRequested } = options;
        if (controlToken !== undefined) {
          const api = {
            controlToken,
            status,
            stop: () => onStopRequested?.(),
            reload: options.onReloadRequested,
            metrics: metrics.text,
            dev: options.dev,
            doctor: (timeoutMs: number) => diagnose(running.blueprint, running.graph, probes, timeoutMs),
          };
          listeners.mount(address, api).register(async (scope) => registerApi(scope, api));
        }
        running.graph.connect();
        await startAll(running.graph, { hostOf: hosts.of, stores });
        await listeners.apply();
        await stores.sayUnclaimed(running.graph.exporters.map(({ stats }) => stats.id));
        phase = "running";
        idleMemory = keepIdleMemorySmall(activity);
      } catch (error) {
        await stop(0);
        throw error;
      }
    },
    reload(next) {
      const applied = reloading.catch(() => undefined).then(() => apply(next));
      reloading = applied;
      return applied;
    },
    shutdown(deadlineMs) {
      stopped ??= stop(deadlineMs);
      return stopped;
    },
  };
}
