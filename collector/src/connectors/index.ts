// The connectors of this package, for the list of components.

import type { ConnectorFactory } from "../component/index.ts";
import { countConnectorFactory } from "./count/factory.ts";
import { forwardConnectorFactory } from "./forward/factory.ts";
import { routingConnectorFactory } from "./routing/factory.ts";

export const connectorFactories: readonly ConnectorFactory[] = [
  forwardConnectorFactory,
  countConnectorFactory,
  routingConnectorFactory,
];
