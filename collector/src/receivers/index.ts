// The receivers of this package, for the list of components.

export { devmuxReceiverFactory } from "./devmux/factory.ts";
export { otlpReceiverFactory } from "./otlp/factory.ts";
export { paneReceiverFactory } from "./pane/factory.ts";
