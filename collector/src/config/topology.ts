// What only shows when all pipelines are looked at together: references, signals, connectors, cycles; and the building order.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { PlannedComponents } from "./blueprint.ts";
import { checkConnector } from "./connectors.ts";
import { suggestion } from "./nearest.ts";
import { joinPath, type Problem } from "./problems.ts";
import type { CollectorShape } from "./shape.ts";

export interface PipelinePlan {
  readonly id: string;
  readonly signal: Signal;
  /** Where it stands in the user's file. */
  readonly path: string;
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

type Role = "receivers" | "processors" | "exporters";

/** Adds what is wrong to `problems`; gives the pipelines in building order (fed by a connector before those that feed it). */
export function checkTopology(
  pipelines: readonly PipelinePlan[],
  planned: PlannedComponents,
  shape: CollectorShape,
  basePath: string,
  problems: Problem[],
): readonly PipelinePlan[] {
  for (const id of Object.keys(shape.connectors)) {
    if (!(id in shape.receivers) && !(id in shape.exporters)) continue;
    const path = joinPath(basePath, ["connectors", id]);
    problems.push({
      path,
      message: `ambiguous id: a receiver or exporter is called "${id}" too; rename the connector`,
    });
  }
  for (const pipeline of pipelines) checkReferences(pipeline, planned, shape, problems);
  for (const plan of planned.connectors.values())
    checkConnector(plan, pipelines, joinPath(basePath, ["connectors", plan.id]), problems);
  return sortPipelines(pipelines, planned, basePath, problems);
}

function checkReferences(
  pipeline: PipelinePlan,
  planned: PlannedComponents,
  shape: CollectorShape,
  problems: Problem[],
): void {
  for (const role of ["receivers", "processors", "exporters"] as const) {
    const ids = pipeline[role];
    if (ids.length === 0 && role !== "processors") {
      problems.push({ path: `${pipeline.path}.${role}`, message: `must have at least one ${role.slice(0, -1)}` });
    }
    ids.forEach((id, index) => {
      const path = `${pipeline.path}.${role}[${index}]`;
      const connectors = role === "processors" ? {} : shape.connectors;
      if (ids.indexOf(id) < index) problems.push({ path, message: `references "${id}" multiple times` });
      else if (!(id in shape[role]) && !(id in connectors)) {
        const known = [...Object.keys(shape[role]), ...Object.keys(connectors)];
        problems.push({ path, message: `"${id}" is not configured${suggestion(id, known)}` });
      } else checkSignal(id, role, pipeline.signal, path, planned, problems);
    });
  }
}

function checkSignal(
  id: string,
  role: Role,
  signal: Signal,
  path: string,
  planned: PlannedComponents,
  problems: Problem[],
): void {
  const plan = planned[role].get(id) ?? planned.connectors.get(id);
  if (plan === undefined || plan.factory.signals.includes(signal)) return;
  const takes = plan.factory.signals.join(", ");
  problems.push({ path, message: `"${id}" does not take ${signal}; it takes ${takes}` });
}

/** Depth-first: a pipeline comes after every pipeline that its connectors feed. A cycle is drawn from a connector. */
function sortPipelines(
  pipelines: readonly PipelinePlan[],
  planned: PlannedComponents,
  basePath: string,
  problems: Problem[],
): readonly PipelinePlan[] {
  const done = new Set<PipelinePlan>();
  const trail: PipelinePlan[] = [];
  let cycle: string | undefined;

  function visit(pipeline: PipelinePlan): void {
    if (done.has(pipeline) || cycle !== undefined) return;
    if (trail.includes(pipeline)) {
      const loop = [...trail.slice(trail.indexOf(pipeline)), pipeline];
      cycle = loop.map(({ id }) => id).join(" -> ");
      return;
    }
    trail.push(pipeline);
    for (const id of pipeline.exporters) {
      if (planned.connectors.has(id)) for (const fed of pipelines) if (fed.receivers.includes(id)) visit(fed);
    }
    trail.pop();
    done.add(pipeline);
  }

  for (const pipeline of pipelines) visit(pipeline);
  if (cycle !== undefined)
    problems.push({
      path: joinPath(basePath, ["service", "pipelines"]),
      message: `cycle through connectors: ${cycle}`,
    });
  return [...done];
}
