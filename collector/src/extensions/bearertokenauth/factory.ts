// bearertokenauth as a component.

import type { ExtensionFactory } from "../../component/index.ts";
import { createBearerTokenAuth } from "./bearer-token-auth.ts";
import { type BearerTokenConfig, bearerTokenConfig } from "./config.ts";

export const bearerTokenAuthFactory: ExtensionFactory<BearerTokenConfig> = {
  kind: "extension",
  type: "bearertokenauth",
  summary: "lets in who knows a token, and sends it for exporters",
  provides: "authenticator",
  config: bearerTokenConfig,
  create: createBearerTokenAuth,
};
