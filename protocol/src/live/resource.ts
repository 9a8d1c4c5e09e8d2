// A hello as an OTLP resource.

import {
  ATTR_DEVMUX_PLATFORM,
  ATTR_DEVMUX_PLATFORM_BUNDLER,
  ATTR_DEVMUX_PLATFORM_OS,
  ATTR_OS_NAME,
  ATTR_OS_TYPE,
  ATTR_URL_FULL,
  ATTR_USER_AGENT_ORIGINAL,
} from "../attributes.ts";
import type { AnyMap, AnyValue } from "../otlp/index.ts";
import type { StreamIdentity } from "../streams.ts";
import { streamOfResource } from "../streams.ts";
import type { HelloPayload } from "./messages.ts";

/** semconv's os.type and the name that people know, by what a platform calls itself. */
const systems: { readonly [os: string]: readonly [type: string, name: string] } = {
  ios: ["darwin", "iOS"],
  macos: ["darwin", "macOS"],
  darwin: ["darwin", "macOS"],
  android: ["linux", "Android"],
  linux: ["linux", "Linux"],
  windows: ["windows", "Windows"],
  win32: ["windows", "Windows"],
};

/** For a payload that `parseClientMessage` has passed. The hello's resource as it is, then what its platform says. */
export function helloToResource(hello: HelloPayload): AnyMap {
  const { kind, os, url, userAgent, bundler } = hello.platform;
  const resource: { [key: string]: AnyValue } = Object.create(null);
  for (const [key, value] of Object.entries(hello.resource)) if (value !== null) resource[key] = value as AnyValue;
  resource[ATTR_DEVMUX_PLATFORM] = kind;
  if (os) {
    resource[ATTR_DEVMUX_PLATFORM_OS] = os;
    const system = Object.hasOwn(systems, os.toLowerCase()) ? systems[os.toLowerCase()] : undefined;
    if (system !== undefined) {
      resource[ATTR_OS_TYPE] = system[0];
      resource[ATTR_OS_NAME] ??= system[1];
    }
  }
  if (url) resource[ATTR_URL_FULL] = url;
  if (userAgent) resource[ATTR_USER_AGENT_ORIGINAL] = userAgent;
  if (bundler) resource[ATTR_DEVMUX_PLATFORM_BUNDLER] = bundler;
  return resource;
}

/** The stream that a hello opens. */
export function streamOfHello(hello: HelloPayload): StreamIdentity {
  return streamOfResource(helloToResource(hello));
}
