// Which stream a record belongs to, found once for each resource of a batch.

import {
  ATTR_DEVMUX_STREAM_NAME,
  type Resource,
  streamNamePattern,
  streamOfResource,
} from "@chriscode/devmux-telemetry-protocol";

/** The stream's name. A collector's receivers have written it into the resource; else the resource says by what it is. */
export function streamNameOf(resource: Resource): string {
  const given = resource.attribute(ATTR_DEVMUX_STREAM_NAME);
  if (typeof given === "string" && streamNamePattern.test(given)) return given;
  return streamOfResource(resource.attributes()).name;
}
