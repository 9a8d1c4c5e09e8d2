// The clients that are known, by clientId: their intake outlives their socket, so that a reconnect resumes.

import type { Output } from "../../component/index.ts";
import { createIntake, type Intake } from "./intake.ts";

export interface Client {
  readonly intake: Intake;
  /** Sockets that are open for it; usually one, two for a moment while it reconnects. */
  sockets: number;
  /** Called when a step got through and there may be room again. */
  readonly progressListeners: Set<() => void>;
}

export interface Clients {
  get(clientId: string): Client;
  all(): Iterable<Client>;
  readonly size: number;
}

export function createClients(next: Output, maxClients: number): Clients {
  const clients = new Map<string, Client>();

  /** Map order is order of last use; the first that has no socket and nothing waiting goes. */
  function makeRoom(): void {
    if (clients.size < maxClients) return;
    for (const [clientId, client] of clients) {
      if (client.sockets > 0 || client.intake.heldBytes > 0) continue;
      clients.delete(clientId);
      return;
    }
  }

  function create(): Client {
    const progressListeners = new Set<() => void>();
    const intake = createIntake(next, () => {
      for (const listener of progressListeners) listener();
    });
    return { intake, sockets: 0, progressListeners };
  }

  return {
    get(clientId) {
      let client = clients.get(clientId);
      if (client) clients.delete(clientId);
      else {
        makeRoom();
        client = create();
      }
      clients.set(clientId, client);
      return client;
    },
    all: () => clients.values(),
    get size() {
      return clients.size;
    },
  };
}
