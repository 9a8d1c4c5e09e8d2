// For who opens the pipes: how a pane becomes a source of the receiver. `@chriscode/devmux-telemetry-server/panes`.

export { type OwnPattern, ownPatternSchema, type PatternSet, patternSetNames } from "./patterns/own.ts";
export { pipeCommand } from "./pipe-command.ts";
export {
  listPaneStems,
  type PaneSource,
  paneStem,
  panesDirectory,
  readPaneSource,
  segmentPrefix,
  writePaneSource,
} from "./registry.ts";
