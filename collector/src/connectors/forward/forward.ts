// Hands batches from one pipeline to others of the same signal.

import { type Connector, type Outputs, rejected } from "../../component/index.ts";

export function createForward(outputs: Outputs): Connector {
  return {
    async consume(batch) {
      const output = outputs[batch.signal];
      return output?.consume(batch) ?? rejected(`no pipeline of ${batch.signal} names the connector as a receiver`);
    },
  };
}
