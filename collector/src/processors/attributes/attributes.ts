// Changes attributes of records by a list of actions.

import type { Consumer, Processor, Settings } from "../../component/index.ts";
import { createFailures, EditableRecord } from "../../expression/index.ts";
import { applyActions } from "../actions/apply.ts";
import { createMatching } from "../matching.ts";
import type { AttributesConfig } from "./config.ts";

export function createAttributes(settings: Settings, config: AttributesConfig, next: Consumer): Processor {
  const { actions } = config;
  const matches = createMatching(config.conditions, createFailures(settings, config.errorMode));
  return {
    async consume(batch) {
      if (batch.signal !== "logs" || actions.length === 0) return next.consume(batch);
      const changed = batch.map((record) => {
        if (!matches(record)) return undefined;
        const editable = new EditableRecord(record);
        applyActions(actions, editable);
        return editable.edit();
      });
      return next.consume(changed);
    },
  };
}
