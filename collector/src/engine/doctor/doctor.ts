// Sends a canary through every pipeline and watches where it goes: which component got it, which did not hand it on, what each
// exporter answered.

import type { Batch, Consumer, Verdict } from "../../component/index.ts";
import type { Blueprint } from "../../config/blueprint.ts";
import type { PipelinePlan } from "../../config/topology.ts";
import type { Graph } from "../graph.ts";
import type { Probes } from "../probes.ts";
import type { ComponentStats } from "../stats.ts";
import { type Canary, createCanary } from "./canary.ts";

/** A backend over the network answers in less; the user waits for it. */
export const doctorTimeoutMs = 5_000;

export interface Diagnosis {
  readonly healthy: boolean;
  readonly pipelines: readonly PipelineDiagnosis[];
}

export interface PipelineDiagnosis {
  readonly id: string;
  readonly healthy: boolean;
  /** In the order in which the canary passes them. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly kind: "pipeline" | "processor" | "connector" | "exporter";
  readonly id: string;
  /**
   * `passed`: handed on, or taken by the destination. `stopped`: it came here and did not go on. `failed`: the destination did
   * not take it. `waiting`: it is queued, and no answer came in time. `not_reached`: it never came here.
   */
  readonly outcome: "passed" | "stopped" | "failed" | "waiting" | "not_reached";
  readonly reason?: string;
  /** From the head of the pipeline to the answer. */
  readonly durationMs?: number;
}

export async function diagnose(
  { pipelines, connectors }: Blueprint,
  { heads }: Graph,
  probes: Probes,
  timeoutMs: number = doctorTimeoutMs,
): Promise<Diagnosis> {
  const all = await Promise.all(
    pipelines.map((pipeline) =>
      examine(pipeline, heads.get(pipeline.id)!.consumer, new Set(connectors.keys()), probes, timeoutMs),
    ),
  );
  return { healthy: all.every(({ healthy }) => healthy), pipelines: all };
}

interface Sightings {
  /** By kind and id. */
  readonly handed: ReadonlySet<string>;
  readonly answers: ReadonlyMap<string, { readonly verdict: Verdict; readonly atMs: number }>;
}

async function examine(
  plan: PipelinePlan,
  head: Consumer,
  connectors: ReadonlySet<string>,
  probes: Probes,
  timeoutMs: number,
): Promise<PipelineDiagnosis> {
  const canary = createCanary(plan.signal);
  const watched = plan.exporters.filter((id) => !connectors.has(id));
  const startedAt = performance.now();
  const watching = watch(canary, watched, probes, startedAt, timeoutMs);
  const verdict = await head.consume(canary.batch);
  const sightings = await watching(verdict);
  const steps = [headStep(plan, verdict), ...processorSteps(plan, sightings), ...endSteps(plan, connectors, sightings)];
  return { id: plan.id, healthy: steps.every(({ outcome }) => outcome === "passed"), steps };
}

/** Watches until every exporter has answered or time is up; not at all where the canary was not taken, or reached none of them. */
function watch(canary: Canary, exporters: readonly string[], probes: Probes, startedAt: number, timeoutMs: number) {
  const handed = new Set<string>();
  const answers = new Map<string, { verdict: Verdict; atMs: number }>();
  let answered = () => {};
  const onHanded = ({ kind, id }: ComponentStats, batch: Batch) => {
    if (!handed.has(`${kind} ${id}`) && canary.isIn(batch)) handed.add(`${kind} ${id}`);
  };
  const onExported = ({ id }: ComponentStats, batch: Batch, verdict: Verdict) => {
    if (!canary.isIn(batch)) return;
    answers.set(id, { verdict, atMs: performance.now() - startedAt });
    answered();
  };
  probes.handed.add(onHanded);
  probes.exported.add(onExported);
  return async (verdict: Verdict): Promise<Sightings> => {
    const complete = () => exporters.every((id) => isFinal(answers.get(id)?.verdict));
    // A processor may hold what it got (a batch, a window); what reached no exporter is waited for as well.
    if (verdict.kind === "accepted" && !complete()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        answered = () => {
          if (!complete()) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
    probes.handed.delete(onHanded);
    probes.exported.delete(onExported);
    return { handed, answers };
  };
}

/** The queue tries again what is retryable. */
function isFinal(verdict: Verdict | undefined): boolean {
  return verdict !== undefined && verdict.kind !== "retryable";
}

function headStep({ id }: PipelinePlan, verdict: Verdict): Step {
  if (verdict.kind === "accepted" && (verdict.refused ?? 0) === 0) return { kind: "pipeline", id, outcome: "passed" };
  return { kind: "pipeline", id, outcome: "failed", reason: verdict.reason ?? "it was refused" };
}

function processorSteps({ id: pipeline, processors, exporters }: PipelinePlan, { handed }: Sightings): Step[] {
  const keys = processors.map((id) => `processor ${id} (${pipeline})`);
  return processors.map((id, index) => {
    if (!handed.has(keys[index]!)) return { kind: "processor", id, outcome: "not_reached" };
    const next = keys[index + 1];
    const went =
      next === undefined
        ? exporters.some((each) => handed.has(`exporter ${each}`) || handed.has(`connector ${each}`))
        : handed.has(next);
    return went
      ? { kind: "processor", id, outcome: "passed" }
      : { kind: "processor", id, outcome: "stopped", reason: "it was not handed on; a rule left it out, or holds it" };
  });
}

function endSteps(
  { exporters }: PipelinePlan,
  connectors: ReadonlySet<string>,
  { handed, answers }: Sightings,
): Step[] {
  return exporters.map((id): Step => {
    const kind = connectors.has(id) ? "connector" : "exporter";
    if (!handed.has(`${kind} ${id}`)) return { kind, id, outcome: "not_reached" };
    if (kind === "connector") return { kind, id, outcome: "passed" };
    const answer = answers.get(id);
    if (answer === undefined)
      return { kind, id, outcome: "waiting", reason: "it is queued; the exporter has not answered" };
    const { verdict, atMs } = answer;
    const durationMs = Math.round(atMs * 10) / 10;
    if (verdict.kind === "accepted" && (verdict.refused ?? 0) === 0) return { kind, id, outcome: "passed", durationMs };
    return { kind, id, outcome: "failed", reason: verdict.reason ?? "it was refused", durationMs };
  });
}
