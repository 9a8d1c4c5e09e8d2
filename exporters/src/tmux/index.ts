// The `tmux` exporter, and what the command line asks about streams and their sessions.

export {
  createTmux,
  socketArguments,
  socketNameOf,
  type Tmux,
  type TmuxAnswer,
  type TmuxOptions,
} from "./command.ts";
export type { TmuxConfig } from "./config.ts";
export { factory } from "./factory.ts";
export type { Layout } from "./home.ts";
export { installCommand } from "./install.ts";
export { type Attach, type AttachOptions, listAttached, locate, prepareAttach, type StreamLocation } from "./locate.ts";
