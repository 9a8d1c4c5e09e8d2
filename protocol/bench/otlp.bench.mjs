// The batch against the usual decoders: `node protocol/bench/otlp.bench.mjs`, after a build. The ratios are what counts:
// all ways run in turns in one process.

import { fromBinary } from "@bufbuild/protobuf";
import { Logs, LogsBuilder, logsFromJson } from "@chriscode/devmux-telemetry-protocol";
import { ExportLogsServiceRequestSchema } from "../test/gen/otlp_pb.js";
import { devmux } from "./gen/logs_static.js";
import { measure } from "./measure.mjs";
import { payload } from "./payload.mjs";

const count = 1000;
const logs = payload(count);
const bytes = logs.encode();
const text = logs.toJson();
const textBytes = new TextEncoder().encode(text);
const staticRequest = devmux.otlp.test.ExportLogsServiceRequest;
const perRecord = Math.round(bytes.length / count);

function readEverything() {
  let read = 0;
  for (const record of Logs.fromProtobuf(bytes).records()) {
    read += Number(record.timeUnixNano !== 0n) + Number(record.observedTimeUnixNano !== 0n);
    read += record.severityNumber + record.severityText.length + record.body.length + record.eventName.length;
    read += record.traceId.length + record.spanId.length + record.flags + record.droppedAttributesCount;
    read +=
      record.attributes()["url.full"].length +
      record.resource.attribute("service.name").length +
      record.scope.name.length;
  }
  return read;
}

function readTwo() {
  let read = 0;
  for (const record of Logs.fromProtobuf(bytes).records()) {
    read += record.attribute("url.full").length + record.attribute("code.line.number");
  }
  return read;
}

const records = [...logs.records()].map((record) => ({
  timeMs: record.timeMs,
  severityNumber: record.severityNumber,
  severityText: record.severityText,
  body: record.body,
  attributes: { ...record.attributes() },
}));
const builder = new LogsBuilder({ "service.name": "my-web-app" }, { name: "devmux" });

const ns = measure(
  {
    index: () => Logs.fromProtobuf(bytes).itemCount,
    full: readEverything,
    two: readTwo,
    protobufjs: () => staticRequest.decode(bytes).resourceLogs.length,
    "protobuf-es": () => fromBinary(ExportLogsServiceRequestSchema, bytes).resourceLogs.length,
    parse: () => JSON.parse(text).resourceLogs.length,
    json: () => logsFromJson(text).logs.itemCount,
    parseBytes: () => JSON.parse(new TextDecoder().decode(textBytes)).resourceLogs.length,
    jsonBytes: () => logsFromJson(textBytes).logs.itemCount,
    build: () => {
      for (const record of records) builder.add(record);
      return builder.build().itemCount;
    },
    toJson: () => logs.toJson().length,
    select: () => logs.select((record) => record.severityNumber >= 13).encode().length,
  },
  count,
);

const faster = Math.min(ns.protobufjs, ns["protobuf-es"]);
const million = (name) => `${(1000 / ns[name]).toFixed(2)} M/s`;
const rows = [
  ["index pass", million("index"), `goal 10 M/s`],
  ["full decode", million("full"), ""],
  ["  than protobufjs static", `${(ns.protobufjs / ns.full).toFixed(2)} x`, `goal 1.5 x (${million("protobufjs")})`],
  ["  than protobuf-es", `${(ns["protobuf-es"] / ns.full).toFixed(2)} x`, `goal 3 x (${million("protobuf-es")})`],
  ["two attributes of each", million("two"), ""],
  ["  than the faster full decode", `${(faster / ns.two).toFixed(2)} x`, "goal 4 x"],
  ["OTLP/JSON text to batch", million("json"), ""],
  ["  of JSON.parse alone", `${(ns.parse / ns.json).toFixed(2)} x`, `goal 0.7 x (${million("parse")})`],
  ["OTLP/JSON bytes to batch", million("jsonBytes"), ""],
  ["  of decoding and JSON.parse", `${(ns.parseBytes / ns.jsonBytes).toFixed(2)} x`, `(${million("parseBytes")})`],
  ["LogsBuilder, add and build", million("build"), ""],
  ["select warnings, encode", million("select"), ""],
  ["toJson", million("toJson"), ""],
];
console.log(
  `${count} records of ${perRecord} bytes (${Math.round(textBytes.length / count)} in JSON), Node ${process.version}\n`,
);
for (const [what, value, note] of rows) console.log(`${what.padEnd(30)}${value.padStart(12)}   ${note}`);
