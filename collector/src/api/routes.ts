// The HTTP API by which this machine's own programs read and control the collector. The token decides; it is in a file that
// only the user can read, so another user, a page in a browser or a device on the network has no way in.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { StatusReport } from "../engine/status.ts";
import { isThisMachine } from "../http/addresses.ts";
import { bearerToken, createSecretCheck } from "../http/admission.ts";

export interface ApiOptions {
  readonly controlToken: string;
  status(): StatusReport;
  /** Begins the stop; the answer goes out first. */
  stop(): void;
}

export function registerApi(app: FastifyInstance, { controlToken, status, stop }: ApiOptions): void {
  const isControlToken = createSecretCheck(controlToken);

  async function authorize(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    if (!isThisMachine(request.socket)) return reply.code(403).send({ error: "only this machine may ask" });
    if (isControlToken(bearerToken(request.headers.authorization))) return undefined;
    return reply.code(401).send({ error: "expected Authorization: Bearer <token of the collector's state file>" });
  }

  app.get("/api/status", { onRequest: authorize }, async () => status());
  app.post("/api/stop", { onRequest: authorize }, async (_request, reply) => {
    reply.raw.once("finish", stop);
    return reply.code(202).send({ stopping: true });
  });
}
