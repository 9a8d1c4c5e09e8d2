// The otlp receiver: OTLP/HTTP on its listeners, OTLP/gRPC on a server of its own.

import { authenticatorOf, type Host, type Outputs, type Receiver, type Settings } from "../../component/index.ts";
import { ListenError } from "../../http/listeners.ts";
import type { OtlpGrpcConfig, OtlpReceiverConfig } from "./config.ts";
import { ownPortDefaults } from "./config.ts";
import { mountOtlpHttp } from "./http.ts";
import { createLazyGrpc, type LazyGrpc } from "./lazy-grpc.ts";

export function createOtlpReceiver(settings: Settings, config: OtlpReceiverConfig, outputs: Outputs): Receiver {
  let grpc: LazyGrpc | undefined;

  async function startGrpc(options: OtlpGrpcConfig, host: Host): Promise<void> {
    // The collector's own port is bound last; one that nobody asked for must not take it.
    if (options.address.optional && options.address.port === host.address.port) {
      settings.log.warn(`port ${options.address.port} is the collector's own; going on without OTLP/gRPC`);
      return;
    }
    const server = createLazyGrpc(options, outputs, host, settings);
    try {
      const port = await server.listen();
      host.listening({ ...options.address, port });
      grpc = server;
    } catch (error) {
      const failure = new ListenError(options.address, error as NodeJS.ErrnoException);
      if (!options.address.optional) throw failure;
      settings.log.warn(`${failure.message}; going on without OTLP/gRPC`);
    }
  }

  return {
    async start(host) {
      const { ownPort, http } = config;
      // What would fail with the first request fails now.
      for (const id of [http?.authenticator, config.grpc?.authenticator])
        if (id !== undefined) authenticatorOf(host, id);
      const own = ownPort ? host.listener(host.address) : undefined;
      const named = http && host.listener(http.address);
      if (own) mountOtlpHttp(own, host, http ?? ownPortDefaults(), outputs, settings);
      if (named && named !== own) mountOtlpHttp(named, host, http, outputs, settings);
      if (config.grpc !== undefined) await startGrpc(config.grpc, host);
    },
    async shutdown() {
      await grpc?.close();
      grpc = undefined;
    },
  };
}
