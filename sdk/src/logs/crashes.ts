// One crash that surfaces in several places (a rethrown error that was logged, React, a framework's handler, Node's own
// print) is one record that lists them. It waits a moment for the others before it leaves.

import {
  ATTR_DEVMUX_EXCEPTION_MESSAGES,
  ATTR_DEVMUX_EXCEPTION_SOURCES,
  ATTR_DEVMUX_EXCEPTION_UNHANDLED,
  EVENT_EXCEPTION,
} from "@chriscode/devmux-telemetry-protocol";
import type { Attributes } from "@opentelemetry/api";
import { cut } from "../values/cut.ts";
import type { Capture } from "./capture.ts";
import { isAlarm } from "./records.ts";

/** What a capture is part of, as long as it has not left. */
export interface Crash {
  /** What was thrown. */
  readonly thrown: unknown;
  /** `console.error`, `error`, `unhandledrejection` …, in order, the first one's included. */
  readonly sources: string[];
  /** Console texts about it that say more than the error does. */
  readonly messages: string[];
  /** Nobody caught it; undefined while only the console has shown it. */
  uncaught?: Capture | undefined;
  hasLeft?: boolean;
}

/** Crashes that are remembered at once; a storm of more of them is not looked through each time. */
const maxOpen = 20;
const maxTexts = 10;
/** How React says where an error was, beside the error. */
const reactsWords = /\b(The above error|An error) occurred in (the|one of your)/;

function isOfConsole({ scope }: Capture): boolean {
  return scope === "console";
}

/** True where the capture went into a record that is still here. */
export function createCrashes(): (capture: Capture) => boolean {
  let open: Capture[] = [];
  return (capture) => {
    const { crash, level, body, source } = capture;
    const isConsole = isOfConsole(capture);
    if (isConsole && !isAlarm(level)) return false;
    open = open.filter((each) => !each.crash?.hasLeft);
    const first = open.find((each) => {
      const { crash: other, body: otherBody } = each;
      if (other === undefined || (isConsole && !other.uncaught)) return false;
      if (crash && Object.is(crash.thrown, other.thrown)) return true;
      if (isConsole) return body.includes(otherBody) || reactsWords.test(body);
      return isOfConsole(each) && otherBody.includes(body);
    })?.crash;
    if (first === undefined) {
      if (crash && open.push(capture) > maxOpen) open.shift();
      return false;
    }
    if (source && first.sources.length < maxTexts) first.sources.push(source);
    if (isConsole && body !== first.uncaught?.body && first.messages.length < maxTexts)
      first.messages.push(cut(body, 1_024));
    if (!isConsole) {
      const known = first.uncaught ?? capture;
      const key = ATTR_DEVMUX_EXCEPTION_UNHANDLED;
      const isUnhandled = known.attributes[key] ?? capture.attributes[key];
      first.uncaught = { ...known, attributes: { ...known.attributes, [key]: isUnhandled } };
    }
    return true;
  };
}

/** What the others have added, for when the record leaves: what nobody caught is an exception, however it began. */
export function mergedOf(capture: Capture): MergedRecord | undefined {
  const { crash, body } = capture;
  if (crash === undefined || crash.sources.length < 2) return undefined;
  const { uncaught, sources } = crash;
  const messages =
    isOfConsole(capture) && uncaught && uncaught.body !== body ? [body, ...crash.messages] : crash.messages;
  return {
    ...(uncaught && { body: uncaught.body, eventName: EVENT_EXCEPTION }),
    attributes: {
      ...uncaught?.attributes,
      ...uncaught?.data,
      [ATTR_DEVMUX_EXCEPTION_SOURCES]: sources,
      [ATTR_DEVMUX_EXCEPTION_MESSAGES]: messages.length > 0 ? messages : undefined,
    },
  };
}

export interface MergedRecord {
  readonly body?: string;
  readonly eventName?: string;
  readonly attributes: Attributes;
}
