// OTLP/gRPC, loaded when its first client connects: the library is a sixth of the collector's memory and most apps never
// use it. Until then a plain server holds the port; its sockets are handed over.

import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer, type Server as SecureServer } from "node:tls";
import type { Host, Outputs, Settings } from "../../component/index.ts";
import { serverOptions, watchTls } from "../../tls/material.ts";
import type { OtlpGrpcConfig } from "./config.ts";
import type { OtlpGrpcServer } from "./grpc.ts";

export interface LazyGrpc {
  /** Resolves with the port. Rejects where the address cannot be bound. */
  listen(): Promise<number>;
  close(): Promise<void>;
}

export function createLazyGrpc(config: OtlpGrpcConfig, outputs: Outputs, host: Host, settings: Settings): LazyGrpc {
  let loading: Promise<OtlpGrpcServer> | undefined;
  const sockets = new Set<Socket>();

  function load(): Promise<OtlpGrpcServer> {
    loading ??= import("./grpc.ts").then(({ createOtlpGrpc }) => createOtlpGrpc(config, outputs, host, settings));
    return loading;
  }

  function accept(socket: Socket): void {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", ({ message }) => settings.log.debug("gRPC socket error", { error: message }));
    load().then(
      (grpc) => grpc.take(socket),
      (error: unknown) => {
        settings.log.error("OTLP/gRPC could not be loaded", { error: String(error) });
        socket.destroy();
      },
    );
  }

  const { tls } = config.address;
  /** TLS ends here, so that a certificate can change while connections stay; what the library gets is in the clear. */
  const server: Server =
    tls === undefined
      ? createServer(accept)
      : createSecureServer({ ...serverOptions(tls), ALPNProtocols: ["h2"] }, accept);
  let stopWatching = () => {};

  return {
    async listen() {
      if (tls !== undefined) {
        const change = (options: object) => (server as SecureServer).setSecureContext(options);
        stopWatching = watchTls(tls, () => serverOptions(tls), change, settings.log);
      }
      server.listen({ host: config.address.host, port: config.address.port });
      await once(server, "listening");
      const address = server.address();
      return typeof address === "object" && address ? address.port : config.address.port;
    },
    async close() {
      stopWatching();
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      await (await loading)?.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
