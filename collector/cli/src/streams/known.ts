// The streams there are: those of the collector that runs, and those that left records on disk.

import { countSpool, listStoredStreams, type StoredStream } from "@chriscode/devmux-telemetry-exporters/spool";
import type { StreamStatus } from "@chriscode/devmux-telemetry-server";
import { discover } from "../daemon/discover.ts";

export interface KnownStream {
  readonly name: string;
  readonly service: string;
  readonly platform: string;
  readonly connected: boolean;
  /** ISO 8601; null while nobody is connected. */
  readonly connectedAt: string | null;
  /** Since the collector started; of a stream that it does not know, what is stored. null: too much is stored to be counted. */
  readonly records: number | null;
  readonly errors: number | null;
  readonly lastRecordAt: string | null;
  /** null where nothing is stored. */
  readonly stored: { readonly path: string; readonly bytes: number } | null;
}

export interface KnownStreams {
  /** Of the running collector first, then the stored ones, the one written last first. */
  readonly streams: readonly KnownStream[];
  readonly running: boolean;
}

/** Some seconds of counting; whoever has more old streams does not wait for their numbers. */
const maxCountedBytes = 512 * 1024 * 1024;

/** `count`: also the numbers of records of the streams that the collector does not know. */
export async function knownStreams(stateDir: string, { count }: { readonly count: boolean }): Promise<KnownStreams> {
  const found = await discover(stateDir);
  const live = found.kind === "running" ? found.report.streams : [];
  const stored = new Map(listStoredStreams({ stateDir }).map((each) => [each.stream, each]));
  const streams = live.map((each) => liveStream(each, stored.get(each.name)));
  for (const { name } of live) stored.delete(name);
  let countedBytes = 0;
  for (const each of stored.values()) {
    countedBytes += each.sizeBytes;
    streams.push(storedStream(each, count && countedBytes <= maxCountedBytes));
  }
  return { streams, running: found.kind === "running" };
}

function liveStream(status: StreamStatus, stored: StoredStream | undefined): KnownStream {
  const { name, service, platform, connected, connectedAt, records, errors, lastRecordAt } = status;
  return {
    name,
    service,
    platform,
    connected,
    connectedAt: connected ? connectedAt : null,
    records,
    errors,
    lastRecordAt,
    stored: placeOf(stored),
  };
}

function storedStream(stored: StoredStream, count: boolean): KnownStream {
  const counted = count ? countSpool(stored) : undefined;
  return {
    name: stored.stream,
    service: stored.service,
    platform: stored.platform,
    connected: false,
    connectedAt: null,
    records: counted?.records ?? null,
    errors: counted?.errors ?? null,
    lastRecordAt: counted === undefined ? new Date(stored.modifiedAt).toISOString() : (counted.lastRecordAt ?? null),
    stored: placeOf(stored),
  };
}

function placeOf(stored: StoredStream | undefined): KnownStream["stored"] {
  return stored === undefined ? null : { path: stored.spoolPath, bytes: stored.sizeBytes };
}
