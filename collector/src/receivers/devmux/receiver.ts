// The devmux receiver: takes sockets on the collector's own port, keeps them alive, and lets them go in order.

import { closeCodes } from "@chriscode/devmux-telemetry-protocol";
import type { WebSocket } from "ws";
import { accepted, type Host, type Output, type Receiver, type Settings } from "../../component/index.ts";
import { isThisMachine } from "../../http/addresses.ts";
import { createClients } from "./clients.ts";
import type { DevmuxReceiverConfig } from "./config.ts";
import { type Connection, createConnection } from "./connection.ts";
import type { Shared } from "./session.ts";

export function createDevmuxReceiver(
  settings: Settings,
  config: DevmuxReceiverConfig,
  output: Output | undefined,
): Receiver {
  const connections = new Set<Connection>();
  const clients = createClients(output ?? { consume: async () => accepted }, config.maxClients);
  let heartbeat: NodeJS.Timeout | undefined;
  let stopping = false;

  function take(socket: WebSocket, remoteAddress: string, shared: Shared): void {
    if (stopping) return socket.close(closeCodes.restart, "the collector is stopping");
    if (connections.size >= config.maxConnections) {
      settings.count("connections_refused");
      return socket.close(closeCodes.tooManyConnections, "too many connections");
    }
    const connection = createConnection(socket, remoteAddress, shared, settings);
    connections.add(connection);
    socket.once("close", () => connections.delete(connection));
  }

  return {
    async start(host) {
      const shared = shareHost(host, config, clients);
      // A scope of its own, so that the route is added after the WebSocket plugin has loaded and is seen by it.
      host.listener(host.address).register(async (scope) => {
        scope.route({
          method: "GET",
          url: config.path,
          // Without an upgrade: what this is, for people, for health checks and for a browser's permission prompt.
          // The network learns no more than the name.
          handler: async ({ socket }, reply) => {
            reply.header("access-control-allow-origin", "*");
            return isThisMachine(socket) ? host.collector : { name: host.collector.name };
          },
          wsHandler: (socket, request) => take(socket, request.socket.remoteAddress ?? "", shared),
        });
      });
      heartbeat = setInterval(() => {
        for (const connection of connections) connection.heartbeat();
      }, config.heartbeatMs);
      heartbeat.unref();
    },
    async shutdown(deadline) {
      stopping = true;
      clearInterval(heartbeat);
      for (const connection of connections) connection.pause();
      // What was read is handed on first, so that clients get their acknowledgements; then they are told to come back.
      const lost = await Promise.all([...clients.all()].map(({ intake }) => intake.drain(deadline)));
      settings.dropped(
        lost.reduce((sum, count) => sum + count, 0),
        "shutdown",
      );
      for (const connection of connections) connection.close(closeCodes.restart, "the collector is stopping");
    },
  };
}

function shareHost(host: Host, config: DevmuxReceiverConfig, clients: Shared["clients"]): Shared {
  return {
    config,
    clients,
    scope: { name: "devmux.log", version: host.collector.version },
    openStream: (stream) => host.streams.opened(stream),
    admits: host.admits,
  };
}
