// Which session a stream's pane belongs into: one of its own, or one that all streams share with a window for each.

import { dirname } from "node:path";
import { digest, type StreamPlace } from "../spool/place.ts";

export const layouts = ["sessions", "windows"] as const;
export type Layout = (typeof layouts)[number];

export interface Home {
  /** The value of the option that tells a session of ours from one that only has its name. */
  readonly mark: string;
  /** `^[a-z][a-z0-9_-]{0,40}$`, then `-` and 12 hexadecimal digits. */
  readonly sessionName: string;
  /** Of the stream's window in it. */
  readonly windowName: string;
}

export function homeOf(place: StreamPlace, layout: Layout): Home {
  if (layout === "sessions") return { mark: place.mark, sessionName: place.sessionName, windowName: "log" };
  const mark = digest(dirname(place.spoolPath));
  return { mark, sessionName: `devmux-streams-${mark}`, windowName: place.windowName };
}
