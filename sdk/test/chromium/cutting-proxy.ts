// A way to the collector that breaks: each connection ends after some bytes in one direction or the other, in the middle of
// whatever they are.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttingProxy {
  readonly url: string;
  readonly cuts: number;
  /** Resolves after that many cuts; connections from then on last. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

/** Bytes until a cut, at most: some messages up, some answers down. Less than a handshake takes is among them. */
const mostUp = 20_000;
const mostDown = 3_000;
/** The first connection gets as far as the collector's hello: one that was never there is not asked for often. */
const leastFirst = 2_000;

/** `random` decides where each connection ends. */
export async function createCuttingProxy(port: number, wanted: number, random: () => number): Promise<CuttingProxy> {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const open = new Set<Socket>();
  let cuts = 0;
  let isFirst = true;

  const server = createServer((client) => {
    const collector = connect(port, "127.0.0.1");
    const ends = [client, collector];
    const destroy = (): void => {
      for (const end of ends) {
        open.delete(end);
        end.destroy();
      }
    };
    for (const end of ends) {
      open.add(end);
      end.setNoDelay(true);
      end.on("error", destroy).on("close", destroy);
    }
    const isUp = random() < 0.5;
    const length = Math.floor(random() * (isUp ? mostUp : mostDown)) + (isFirst ? leastFirst : 0);
    isFirst = false;
    const pass = (from: Socket, to: Socket, isCut: boolean): void => {
      let left = length;
      from.on("data", (data) => {
        if (!isCut || cuts >= wanted || data.length < left) {
          left -= data.length;
          to.write(data);
          return;
        }
        cuts++;
        // What is left goes on its way, and both ends go with it.
        to.write(data.subarray(0, left), destroy);
        from.pause();
        if (cuts === wanted) resolve();
      });
    };
    pass(client, collector, isUp);
    pass(collector, client, !isUp);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    done,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
