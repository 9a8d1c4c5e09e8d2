// Changes attributes of resources by a list of actions: once for each resource, however many records it has.

import type { AttributeEdits, Resource } from "@chriscode/devmux-telemetry-protocol";
import type { Consumer, Processor, Settings } from "../../component/index.ts";
import { EditableResource } from "../../expression/index.ts";
import { applyActions } from "../actions/apply.ts";
import type { ResourceConfig } from "./config.ts";

export function createResource(_settings: Settings, { actions }: ResourceConfig, next: Consumer): Processor {
  const edit = (resource: Resource): AttributeEdits | undefined => {
    const editable = new EditableResource(resource);
    applyActions(actions, editable);
    return editable.edit();
  };
  return {
    consume: (batch) => next.consume(actions.length === 0 ? batch : batch.mapResources(edit)),
  };
}
