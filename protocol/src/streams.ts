// How a client's resource gives a stream its name. A name comes from outside and ends up in file names, tmux and
// terminals, so what leaves here always matches `streamNamePattern`, and two different names stay different.

import {
  ATTR_DEVMUX_PLATFORM,
  ATTR_DEVMUX_PLATFORM_OS,
  ATTR_DEVMUX_STREAM_NAME,
  ATTR_OS_NAME,
  ATTR_SERVICE_NAME,
  ATTR_URL_FULL,
} from "./attributes.ts";
import { shortHash } from "./hash.ts";

export type StreamPlatform = "browser" | "expo" | "react-native" | "node" | "otlp";

export interface StreamIdentity {
  readonly name: string;
  /** `service.name` as the client sent it, at most 256 characters. */
  readonly service: string;
  readonly platform: StreamPlatform;
}

export const streamNamePattern: RegExp = /^(browser|expo|rn|node|otlp):[a-z0-9][a-z0-9._-]{0,80}$/;

/** A service's name as other records carry it; longer ones are no names, and this one is kept for each stream. */
const maxServiceLength = 256;
/** OTel's own value where a resource has no service.name. */
const unknownService = "unknown_service";

const prefixes: { readonly [platform in StreamPlatform]: string } = {
  browser: "browser",
  expo: "expo",
  "react-native": "rn",
  node: "node",
  otlp: "otlp",
};

/** The part of a resource that names a stream: attribute values, of any type, by key. */
export interface ResourceAttributes {
  readonly [key: string]: unknown;
}

/**
 * The stream of a resource. A well-formed `devmux.stream.name` wins; then `devmux.platform` decides:
 * browser `browser:<host>-<port>`, else `browser:<service>`; expo on the web `expo:web-<port>`; expo native
 * `expo:<service>-<os>`; react-native `rn:<service>-<os>`; node `node:<service>`; none `otlp:<service>`.
 */
export function streamOfResource(resource: ResourceAttributes): StreamIdentity {
  const given = text(resource, ATTR_SERVICE_NAME);
  const service = given === "" ? unknownService : given;
  const platform = platformOf(text(resource, ATTR_DEVMUX_PLATFORM));
  const explicit = text(resource, ATTR_DEVMUX_STREAM_NAME);
  const name = streamNamePattern.test(explicit)
    ? explicit
    : `${prefixes[platform]}:${cleanName(rawName(platform, service, resource))}`;
  return { name, service: service.slice(0, maxServiceLength), platform };
}

/** The platform of a stream's name: what stands before its colon. */
export function platformOfStream(name: string): StreamPlatform | undefined {
  const prefix = name.slice(0, name.indexOf(":"));
  for (const platform of Object.keys(prefixes) as StreamPlatform[]) {
    if (prefixes[platform] === prefix) return platform;
  }
  return undefined;
}

function rawName(platform: StreamPlatform, service: string, resource: ResourceAttributes): string {
  const os = (text(resource, ATTR_DEVMUX_PLATFORM_OS) || text(resource, ATTR_OS_NAME)).toLowerCase();
  const place = placeOf(text(resource, ATTR_URL_FULL));
  switch (platform) {
    case "browser":
      return place === undefined ? service : join(place.host, place.port);
    case "expo":
      if (place !== undefined && (os === "" || os === "web")) return `web-${place.port || place.host}`;
      return join(service, os);
    case "react-native":
      return join(service, os);
    default:
      return service;
  }
}

function join(name: string, suffix: string): string {
  return suffix === "" ? name : `${name}-${suffix}`;
}

function platformOf(kind: string): StreamPlatform {
  return Object.hasOwn(prefixes, kind) ? (kind as StreamPlatform) : "otlp";
}

function text(resource: ResourceAttributes, key: string): string {
  const value = Object.hasOwn(resource, key) ? resource[key] : undefined;
  return typeof value === "string" ? value : "";
}

/** Host and explicit port of an address; undefined where it has none (file:, about:, data:, no address at all). */
function placeOf(url: string): { host: string; port: string } | undefined {
  // By hand, because this also runs where URL is missing or half there (older React Native).
  const match =
    /^(?:blob:)?[a-z][a-z0-9+.-]{0,30}:\/\/(?:[^/?#@]{0,512}@)?(\[[0-9a-f:.]{2,45}\]|[^/?#:@\s]{1,512})(?::(\d{1,5}))?(?:[/?#]|$)/i.exec(
      url,
    );
  if (match?.[1] === undefined) return undefined;
  return { host: match[1], port: match[2] ?? "" };
}

/** 81 is the pattern's first character and its 80 more. */
const maxCleanLength = 81;
const clean = /^[a-z0-9][a-z0-9._-]{0,80}$/;
/** What a cleaned name ends in. A name that comes so from outside is treated as one that needs cleaning. */
const hashSuffix = /--[0-9a-z]{11}$/;

/**
 * Lower case is the only change that costs nothing. Whatever else a name loses, a hash of the whole name follows what
 * is left, so that `a b`, `a/b` and `a-b` are three streams. NFC and NFD forms of a text are the same name.
 */
function cleanName(raw: string): string {
  const name = raw.normalize("NFC");
  // ASCII only: other letters have lower cases that are another letter's.
  const lower = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  if (clean.test(lower) && !hashSuffix.test(lower)) return lower;
  const readable = lower
    .slice(0, 4 * maxCleanLength)
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9._]+/g, "-")
    .replace(/^[._-]+/, "");
  const suffix = `--${shortHash(name)}`;
  const kept = readable.slice(0, maxCleanLength - suffix.length).replace(/[._-]+$/, "");
  return (kept === "" ? "x" : kept) + suffix;
}
