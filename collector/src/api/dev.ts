// The dev session over HTTP, for a control panel: reading for this machine only, control with the token. The collector knows
// nothing of sessions; who starts it brings the control.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

export interface DevControl {
  /** Rejects with what is wrong in words: no services, tmux missing. */
  status(): Promise<DevTmuxStatus>;
  /** Resolves when the session is there; services go on starting. */
  start(): Promise<DevTmuxAnswer>;
  /** Resolves when the services have ended. `finish` ends the rest, which may be this very process: after the answer. */
  stop(): Promise<DevTmuxAnswer & { finish(): void }>;
}

export interface DevTmuxStatus {
  readonly online: boolean;
  readonly session: string;
  readonly panes: readonly { readonly index: string; readonly title: string; readonly command: string }[];
  readonly services: Readonly<Record<string, boolean>>;
}

export interface DevTmuxAnswer {
  readonly success: boolean;
  readonly message: string;
  readonly session: string;
}

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

export interface DevRoutes {
  /** For requests of this machine. */
  readonly local: Guard;
  /** For those with the token. */
  readonly authorize: Guard;
  readonly control: DevControl | undefined;
}

export function registerDevRoutes(app: FastifyInstance, { local, authorize, control }: DevRoutes): void {
  async function answer(reply: FastifyReply, work: (dev: DevControl) => Promise<object>): Promise<FastifyReply> {
    if (control === undefined)
      return reply.code(404).send({ error: "this collector was started without a devmux.config.json" });
    try {
      return reply.send(await work(control));
    } catch (error) {
      return reply.code(503).send({ success: false, error: error instanceof Error ? error.message : String(error) });
    }
  }

  app.get("/api/dev/tmux/status", { onRequest: local }, (_request, reply) =>
    answer(reply, async (dev) => {
      const { online, session, panes, services } = await dev.status();
      return { online, session, panes, services };
    }),
  );
  app.post("/api/dev/tmux/start", { onRequest: authorize }, (_request, reply) => answer(reply, (dev) => dev.start()));
  app.post("/api/dev/tmux/stop", { onRequest: authorize }, (_request, reply) =>
    answer(reply, async (dev) => {
      const { finish, ...stopped } = await dev.stop();
      reply.raw.once("close", finish);
      return stopped;
    }),
  );
}
