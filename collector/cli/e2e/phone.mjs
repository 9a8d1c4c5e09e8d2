// What a device on the network does, run inside its own network namespace: prints one line of JSON.
//   node phone.mjs log HOST PORT ORIGIN TOKEN BODY | get HOST PORT PATH TOKEN | post HOST PORT PATH TOKEN

import { WebSocket } from "ws";

const [what, host, port, ...rest] = process.argv.slice(2);
const answer = (value) => {
  process.stdout.write(JSON.stringify(value));
  process.exit(0);
};

if (what === "log") {
  const [origin, token, body] = rest;
  const socket = new WebSocket(`ws://${host}:${port}`, { origin });
  const send = (type, payload) =>
    socket.send(
      JSON.stringify({
        protocol: "devmux-telemetry",
        version: 1,
        type,
        payload,
        meta: { clientId: "phone", timestamp: Date.now() },
      }),
    );
  socket.on("error", ({ message }) => answer({ refused: message }));
  socket.on("open", () =>
    send("hello", {
      resource: { "service.name": "mingle" },
      platform: { kind: "expo", os: "ios" },
      ...(token ? { token } : {}),
    }),
  );
  let first;
  socket.on("message", (data) => {
    first ??= JSON.parse(String(data));
    if (first.type !== "hello-ack") return answer(first);
    send("log", { timestamp: Date.now(), severityNumber: 9, severityText: "log", body });
    send("goodbye", {});
  });
  socket.on("close", () => answer(first));
} else {
  const [path, token] = rest;
  const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(
    `http://${host}:${port}${path}`,
    what === "post" ? { method: "POST", headers, body: "{}" } : { headers },
  );
  const text = await response.text();
  answer({ status: response.status, body: what === "get" && response.ok ? JSON.parse(text) : text });
}
