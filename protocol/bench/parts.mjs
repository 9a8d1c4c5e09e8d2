import { Logs } from "@chriscode/devmux-telemetry-protocol";
import { measure } from "./measure.mjs";
import { payload } from "./payload.mjs";

const logs = payload(1000);
const bytes = logs.encode();
const ways = {};
const each = (name, f) => {
  ways[name] = () => {
    let n = 0;
    for (const r of Logs.fromProtobuf(bytes).records()) n += f(r);
    return n;
  };
};
ways.index = () => Logs.fromProtobuf(bytes).itemCount;
each("iterate", (r) => 1);
each("severity", (r) => r.severityNumber);
each("timeMs", (r) => r.timeMs);
each("flags", (r) => r.flags);
each("time", (r) => Number(r.timeUnixNano !== 0n));
each("text", (r) => r.severityText.length);
each("body", (r) => r.body.length);
each("trace", (r) => r.traceId.length);
each("attributes", (r) => r.attributes()["url.full"].length);
each("attribute", (r) => r.attribute("url.full").length);
each("attribute2", (r) => r.attribute("code.line.number"));
each("resource", (r) => r.resource.attribute("service.name").length);
const ns = measure(ways, 1000, { rounds: 60, roundMs: 8 });
for (const k in ns) console.log(k.padEnd(14), ns[k].toFixed(0));
