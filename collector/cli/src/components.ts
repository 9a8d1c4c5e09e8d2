// The components that `devmux` brings. Outside its own folder a component's name appears here and nowhere else.

import { factory as debug } from "@chriscode/devmux-telemetry-exporters/debug";
import { factory as file } from "@chriscode/devmux-telemetry-exporters/file";
import { factory as otlpGrpc } from "@chriscode/devmux-telemetry-exporters/otlp_grpc";
import { factory as otlpHttp } from "@chriscode/devmux-telemetry-exporters/otlp_http";
import { factory as queue } from "@chriscode/devmux-telemetry-exporters/queue";
import { factory as tmux } from "@chriscode/devmux-telemetry-exporters/tmux";
import {
  bearerTokenAuthFactory,
  connectorFactories,
  devmuxReceiverFactory,
  healthCheckFactory,
  otlpReceiverFactory,
  paneReceiverFactory,
  processorFactories,
  storageFactory,
} from "@chriscode/devmux-telemetry-server";
import type { AnyFactory } from "@chriscode/devmux-telemetry-server/component";

export const factories: readonly AnyFactory[] = [
  devmuxReceiverFactory,
  otlpReceiverFactory,
  paneReceiverFactory,
  ...processorFactories,
  ...connectorFactories,
  tmux,
  queue,
  otlpHttp,
  otlpGrpc,
  file,
  debug,
  healthCheckFactory,
  bearerTokenAuthFactory,
  storageFactory,
];
