// Runs groups of statements over the records and resources of a batch. Each group rewrites the batch once, and only the
// records that it changes.

import type { AttributeEdits, Logs, RecordEdit, Resource } from "@chriscode/devmux-telemetry-protocol";
import type { Consumer, Processor, Settings } from "../../component/index.ts";
import {
  createFailures,
  EditableRecord,
  EditableResource,
  type Failures,
  type Statement,
} from "../../expression/index.ts";
import { handOn } from "../hand-on.ts";
import { createMatching } from "../matching.ts";
import type { TransformConfig } from "./config.ts";
import type { Group } from "./group.ts";

/** A group over a batch. Records that it refuses are not in what it gives. */
type Run = (batch: Logs) => Logs;

export function createTransform(settings: Settings, config: TransformConfig, next: Consumer): Processor {
  const runs = config.groups.map((group) => createRun(settings, group));
  return {
    async consume(batch) {
      if (batch.signal !== "logs") return next.consume(batch);
      const changed = runs.reduce((logs, run) => run(logs), batch);
      const count = batch.itemCount - changed.itemCount;
      return handOn(next, changed, () => {}, { count, reason: "a statement cannot be applied to them" });
    },
  };
}

function createRun(settings: Settings, group: Group): Run {
  const failures = createFailures(settings, group.errorMode ?? "ignore");
  if (group.context === "log") {
    const { statements } = group;
    const matches = createMatching(group.conditions, failures);
    return (batch) =>
      overRecords(batch, (record) => {
        const failed = matches(record) && !runAll(statements, record, failures);
        return failed ? "refused" : record.edit();
      });
  }
  const { statements } = group;
  const matches = createMatching(group.conditions, failures);
  return (batch) =>
    overResources(batch, (resource) => {
      const failed = matches(resource) && !runAll(statements, resource, failures);
      return failed ? "refused" : resource.edit();
    });
}

/** False where one failed and that refuses the subject. */
function runAll<Subject>(statements: readonly Statement<Subject>[], subject: Subject, failures: Failures): boolean {
  for (const statement of statements) {
    try {
      statement.run(subject);
    } catch (error) {
      failures.note(statement.source, error);
      if (failures.refuse) return false;
    }
  }
  return true;
}

function overRecords(batch: Logs, edit: (record: EditableRecord) => RecordEdit | "refused" | undefined): Logs {
  const refused = new Set<number>();
  let index = 0;
  const changed = batch.map((record) => {
    const edits = edit(new EditableRecord(record));
    if (edits === "refused") refused.add(index);
    index++;
    return edits === "refused" ? undefined : edits;
  });
  if (refused.size === 0) return changed;
  let at = 0;
  return changed.select(() => !refused.has(at++));
}

function overResources(
  batch: Logs,
  edit: (resource: EditableResource) => AttributeEdits | "refused" | undefined,
): Logs {
  const edits = new Map<Resource, AttributeEdits | "refused" | undefined>();
  const changed = batch.mapResources((resource) => {
    const edited = edit(new EditableResource(resource));
    edits.set(resource, edited);
    return edited === "refused" ? undefined : edited;
  });
  if (![...edits.values()].includes("refused")) return changed;
  // The records of both batches are the same, in the same order; resources are those of the batch that came.
  const refused = [...batch.records()].map(({ resource }) => edits.get(resource) === "refused");
  let at = 0;
  return changed.select(() => !refused[at++]);
}
