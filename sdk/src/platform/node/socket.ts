// The WebSocket of a Node process: one that does not keep it alive. The global one cannot be told so.

import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { WebSocket as Ws } from "ws";

/** A class with the shape of the browser's, as far as the transport uses it. */
export const ProcessWebSocket: new (url: string) => WebSocket = class extends Ws {
  constructor(url: string) {
    // Compression costs a megabyte of memory and gains nothing on one machine.
    super(url, [], { perMessageDeflate: false, createConnection: connectUnrefed(url) as never });
    // What an error was is in the close event that follows; without a listener it would be thrown.
    this.on("error", () => {});
  }
} as unknown as new (
  url: string,
) => WebSocket;

function connectUnrefed(url: string): (options: object) => object {
  return (options) => {
    const isSecure = /^wss:/i.test(url);
    const { host = "localhost", servername = host } = options as { host?: string; servername?: string };
    return isSecure
      ? connectTls({ ...options, servername, path: undefined } as never).unref()
      : connectTcp({ ...options, path: undefined } as never).unref();
  };
}
