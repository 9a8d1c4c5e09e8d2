// What `devmux telemetry doctor` found, for people: a block for each pipeline, a line for each place that the canary passed or not.

import type { Diagnosis, Step } from "@chriscode/devmux-telemetry-server";
import type { Paint } from "../shell.ts";
import { visible } from "./visible.ts";

const words: Readonly<Record<Step["outcome"], string>> = {
  passed: "ok",
  stopped: "stopped here",
  failed: "failed",
  waiting: "no answer yet",
  not_reached: "not reached",
};

export function diagnosisLines({ pipelines }: Diagnosis, paint: Paint): string[] {
  return pipelines.flatMap(({ id, healthy, steps }) => [
    `${paint("bold", visible(id))}: ${healthy ? paint("green", "the canary arrived") : paint("red", "the canary did not arrive")}`,
    ...steps
      .filter(({ kind, outcome }) => kind !== "pipeline" || outcome !== "passed")
      .map((step) => stepLine(step, paint)),
  ]);
}

function stepLine({ kind, id, outcome, reason, durationMs }: Step, paint: Paint): string {
  const mark =
    outcome === "passed" ? paint("green", "✓") : outcome === "not_reached" ? paint("dim", "·") : paint("red", "✗");
  const time = durationMs === undefined ? "" : ` after ${durationMs} ms`;
  return `  ${mark} ${visible(`${kind} ${id}: ${words[outcome]}${time}${reason === undefined ? "" : `: ${reason}`}`)}`;
}
