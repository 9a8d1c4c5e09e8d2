// Damages valid payloads, always in the same way for the same seed, and checks what the batch makes of each.

import { fromBinary } from "@bufbuild/protobuf";
import { Logs, logsFromJson, OpaqueBatch, type OpaqueSignal, OtlpError, opaqueFromJson } from "../src/otlp/index.ts";
import { ExportLogsServiceRequestSchema } from "./gen/otlp_pb.js";
import { recordsOf, recordsOfOracle } from "./plain.ts";

/** Numbers from 0 to 2^32 - 1: xorshift, seeded. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0 || 1;
  }

  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }
}

/** Tags of the schema, ends of varints, lengths at the edges. */
const interesting = [
  0x00, 0x01, 0x07, 0x09, 0x0a, 0x0b, 0x0c, 0x10, 0x12, 0x1a, 0x21, 0x2a, 0x32, 0x45, 0x59, 0x7f, 0x80, 0xff,
];

export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let out: Uint8Array = bytes.slice();
  for (let times = random.below(3) === 0 ? 3 : 1; times > 0; times--) out = mutateOnce(out, random);
  return out;
}

function mutateOnce(bytes: Uint8Array, random: Random): Uint8Array {
  const size = bytes.length;
  if (size === 0) return Uint8Array.of(random.below(256));
  const at = random.below(size);
  const length = 1 + random.below(Math.min(16, size - at));
  switch (random.below(8)) {
    case 0:
      bytes[at] = bytes[at]! ^ (1 << random.below(8));
      return bytes;
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
      bytes[at] = interesting[random.below(interesting.length)]!;
      return bytes;
    case 3:
      return bytes.slice(0, at);
    case 4:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
    case 5:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at, at + length), ...bytes.subarray(at)]);
    case 6:
      return Uint8Array.from([
        ...bytes.subarray(0, at),
        interesting[random.below(interesting.length)]!,
        ...bytes.subarray(at),
      ]);
    default:
      bytes.copyWithin(random.below(size), at, at + length);
      return bytes;
  }
}

export interface Tally {
  accepted: number;
  refused: number;
  /** Accepted by the oracle too, and read as the same. */
  agreed: number;
  /** Of one mutant. */
  slowestMs: number;
}

/** Throws where the batch crashes, refuses without saying what and where, or reads something else than the oracle. */
export function checkLogs(bytes: Uint8Array, tally: Tally, thorough: boolean): void {
  const logs = accepted(() => Logs.fromProtobuf(bytes), bytes, tally);
  if (logs === undefined) return;
  const records = recordsOf(logs);
  let at = 0;
  const half = logs.select(() => at++ % 2 === 0);
  if (Logs.fromProtobuf(half.encode()).itemCount !== Math.ceil(records.length / 2))
    throw new Error("a selection has other records");
  const changed = logs.map(() => ({ attributes: { "fuzz.key": 1, "url.full": undefined }, severityNumber: 9 }));
  if (Logs.fromProtobuf(changed.encode()).itemCount !== records.length) throw new Error("an edit has other records");
  if (!thorough) return;
  if (logsFromJson(logs.toJson()).rejected !== 0) throw new Error("its own JSON is refused");
  const oracle = oracleRecords(bytes);
  if (oracle === undefined) return;
  tally.agreed++;
  if (oracle.join("\n") !== records.join("\n"))
    throw new Error(`read ${records.join("\n")}, the oracle ${oracle.join("\n")}`);
}

export function checkOpaque(signal: OpaqueSignal, bytes: Uint8Array, tally: Tally): void {
  const batch = accepted(() => OpaqueBatch.fromProtobuf(signal, bytes), bytes, tally);
  if (batch === undefined) return;
  const count = batch
    .split({ maxRecords: 1 })
    .reduce((sum, part) => sum + OpaqueBatch.fromProtobuf(signal, part.encode()).itemCount, 0);
  if (count !== batch.itemCount) throw new Error(`${count} items in the parts, ${batch.itemCount} in the batch`);
  try {
    batch.toJson();
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
  }
}

export function checkJson(signal: "logs" | OpaqueSignal, bytes: Uint8Array, tally: Tally): void {
  let code: string | undefined;
  try {
    const read = signal === "logs" ? logsFromJson(bytes) : opaqueFromJson(signal, bytes);
    if (read.rejected > 0 && !read.message?.includes("expected"))
      throw new Error(`refused without a reason: ${read.message}`);
    tally.accepted++;
  } catch (error) {
    if (!(error instanceof OtlpError) || !error.message.includes("expected")) throw error;
    code = error.code;
    tally.refused++;
  }
  if ((code === "DEVMUX_OTLP_JSON_SYNTAX") === isJson(bytes)) throw new Error(`${code}, which JSON.parse does not say`);
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function accepted<Batch>(read: () => Batch, bytes: Uint8Array, tally: Tally): Batch | undefined {
  try {
    const batch = read();
    tally.accepted++;
    return batch;
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    const { offset, message } = error;
    const says = message.includes("expected") && message.endsWith(`at byte ${offset}`);
    if (!says || offset === undefined || offset < 0 || offset > bytes.length)
      throw new Error(`a refusal that says too little: ${message}`);
    tally.refused++;
    return undefined;
  }
}

/** Undefined where the oracle refuses: it checks UTF-8 everywhere, and bounds nesting otherwise. */
function oracleRecords(bytes: Uint8Array): string[] | undefined {
  try {
    return recordsOfOracle(fromBinary(ExportLogsServiceRequestSchema, bytes));
  } catch {
    return undefined;
  }
}
