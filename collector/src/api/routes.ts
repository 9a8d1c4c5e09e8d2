// The HTTP API by which this machine's own programs read and control the collector. The token decides; it is in a file that
// only the user can read, so another user, a page in a browser or a device on the network has no way in. `/metrics` needs none: a
// scraper has none, and it tells counts and the names of components, to this machine alone.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Problem } from "../config/problems.ts";
import { type Diagnosis, doctorTimeoutMs } from "../engine/doctor/doctor.ts";
import type { Reloaded } from "../engine/reload.ts";
import type { StatusReport } from "../engine/status.ts";
import { isThisMachine } from "../http/addresses.ts";
import { bearerToken, createSecretCheck } from "../http/admission.ts";
import { type DevControl, registerDevRoutes } from "./dev.ts";

/** `problems`: why nothing was changed. */
export type ReloadAnswer =
  | ({ readonly ok: true } & Reloaded)
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface ApiOptions {
  readonly controlToken: string;
  status(): StatusReport;
  /** Begins the stop; the answer goes out first. */
  stop(): void;
  /** Reads the configuration again and applies it. */
  readonly reload: (() => Promise<ReloadAnswer>) | undefined;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** `timeoutMs`: how long it waits for exporters. */
  doctor(timeoutMs: number): Promise<Diagnosis>;
  readonly dev: DevControl | undefined;
}

export function registerApi(app: FastifyInstance, options: ApiOptions): void {
  const { controlToken, status, stop, metrics, doctor, dev } = options;
  const isControlToken = createSecretCheck(controlToken);

  async function local(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    return isThisMachine(request.socket) ? undefined : reply.code(403).send({ error: "only this machine may ask" });
  }

  async function authorize(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    if (!isThisMachine(request.socket)) return local(request, reply);
    if (isControlToken(bearerToken(request.headers.authorization))) return undefined;
    return reply.code(401).send({ error: "expected Authorization: Bearer <token of the collector's state file>" });
  }

  app.get("/api/status", { onRequest: authorize }, async () => status());
  app.post("/api/doctor", { onRequest: authorize }, async ({ query }) => doctor(timeoutOf(query)));
  app.post("/api/stop", { onRequest: authorize }, async (_request, reply) => {
    reply.raw.once("finish", stop);
    return reply.code(202).send({ stopping: true });
  });
  registerDevRoutes(app, { local, authorize, control: dev });
  app.post("/api/reload", { onRequest: authorize }, async (_request, reply) => {
    if (options.reload === undefined)
      return reply.code(501).send({ error: "this collector has no configuration to read again" });
    const answer = await options.reload();
    return reply.code(answer.ok ? 200 : 422).send(answer);
  });
  app.get("/metrics", { onRequest: local }, async (_request, reply) =>
    reply.header("content-type", "text/plain; version=0.0.4; charset=utf-8").send(await metrics()),
  );
}

/** Whoever asks waits for it, so not for ever. */
const maxDoctorTimeoutMs = 60_000;

function timeoutOf(query: unknown): number {
  const asked = Number((query as { timeout_ms?: unknown }).timeout_ms);
  return asked > 0 ? Math.min(asked, maxDoctorTimeoutMs) : doctorTimeoutMs;
}
