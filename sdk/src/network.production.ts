// captureNetwork of a production build: none.

import type * as Network from "./network.ts";

export const captureNetwork: typeof Network.captureNetwork = () => () => {};
