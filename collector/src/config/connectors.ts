// Connectors stand between pipelines: both sides must be there, of signals that fit, and the pipelines that one names must be fed by it.

import type { ConnectorFactory } from "../component/factory.ts";
import type { Planned } from "./blueprint.ts";
import { suggestion } from "./nearest.ts";
import type { Problem } from "./problems.ts";
import type { PipelinePlan } from "./topology.ts";

/** Adds what is wrong to `problems`; `path` is the connector's own. */
export function checkConnector(
  { id, factory, config }: Planned<ConnectorFactory>,
  pipelines: readonly PipelinePlan[],
  path: string,
  problems: Problem[],
): void {
  const feeding = pipelines.filter(({ exporters }) => exporters.includes(id));
  const fed = pipelines.filter(({ receivers }) => receivers.includes(id));
  const say = (message: string) => problems.push({ path, message });
  if (feeding.length === 0 && fed.length === 0)
    return void say("is used in no pipeline; name it as exporter of one and receiver of another");
  if (feeding.length === 0) return void say("is used as receiver in a pipeline but as exporter in none");
  if (fed.length === 0) return void say("is used as exporter in a pipeline but as receiver in none");

  const feeds = factory.feeds ?? ((signal) => [signal]);
  for (const signal of new Set(feeding.map((pipeline) => pipeline.signal))) {
    const wanted = feeds(signal);
    if (!fed.some((pipeline) => wanted.includes(pipeline.signal)))
      say(`is fed with ${signal}, but no pipeline of ${wanted.join(" or ")} names it as a receiver`);
  }
  const possible = new Set(feeding.flatMap(({ signal }) => feeds(signal)));
  for (const { id: pipeline, signal } of fed) {
    if (!possible.has(signal)) say(`is a receiver of ${pipeline}, but nothing that feeds it gives ${signal}`);
  }
  const names = fed.map((pipeline) => pipeline.id);
  for (const { option, pipeline } of factory.routes?.(config) ?? []) {
    if (names.includes(pipeline)) continue;
    const message = `"${pipeline}" is no pipeline that has "${id}" as a receiver${suggestion(pipeline, names)}`;
    problems.push({ path: `${path}.${option}`, message });
  }
}
