// OTLP/gRPC, loaded when its first client connects: the library is a sixth of the collector's memory and most apps never
// use it. Until then a plain server holds the port; its sockets are handed over.

import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Host, Outputs, Settings } from "../../component/index.ts";
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

  const server: Server = createServer((socket) => {
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
  });

  return {
    async listen() {
      server.listen({ host: config.address.host, port: config.address.port });
      await once(server, "listening");
      const address = server.address();
      return typeof address === "object" && address ? address.port : config.address.port;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      await (await loading)?.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
