// Which stream a record belongs to, found once for each resource of a batch.

import {
  ATTR_DEVMUX_STREAM_NAME,
  type Resource,
  type StreamIdentity,
  streamNamePattern,
  streamOfResource,
} from "@chriscode/devmux-telemetry-protocol";

/** The stream's name. A collector's receivers have written it into the resource; else the resource says by what it is. */
export function streamNameOf(resource: Resource): string {
  const given = resource.attribute(ATTR_DEVMUX_STREAM_NAME);
  if (typeof given === "string" && streamNamePattern.test(given)) return given;
  return streamOfResource(resource.attributes()).name;
}

/** The same with who writes it. */
export function streamOf(resource: Resource): StreamIdentity {
  return streamOfResource(resource.attributes());
}
