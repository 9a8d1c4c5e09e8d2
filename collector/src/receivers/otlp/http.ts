// OTLP/HTTP: a POST for each signal that has a pipeline. The verdict of the pipeline is the answer; nothing is
// acknowledged before it.

import type { IncomingMessage } from "node:http";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import { signals } from "@chriscode/devmux-telemetry-protocol";
import cors from "@fastify/cors";
import type { FastifyReply, FastifyRequest } from "fastify";
import { accepted, type Host, type Mount, type Output, type Outputs, type Settings } from "../../component/index.ts";
import { BodyCutShort, BodyTooLarge, readBody } from "../../http/read-body.ts";
import { refusalOf } from "./admission.ts";
import { type Answer, answerError, answerVerdict, OtlpHttpError } from "./answer.ts";
import { decompress } from "./body.ts";
import type { OtlpHttpConfig } from "./config.ts";
import { type Encoding, encodingOf, json } from "./encoding.ts";
import { readRequest } from "./read.ts";

export function mountOtlpHttp(
  app: Mount,
  host: Host,
  config: OtlpHttpConfig,
  outputs: Outputs,
  settings: Settings,
): void {
  host.allowOrigins(config.allowedOrigins);
  app.register(async (scope) => {
    // Foreign origins never get here (the listener's access check), so the one that asks may be named in the answer.
    await scope.register(cors, {
      origin: true,
      methods: ["POST"],
      maxAge: config.corsMaxAgeSeconds,
      ...(config.allowedHeaders === undefined ? {} : { allowedHeaders: [...config.allowedHeaders] }),
    });
    // Before the body is read.
    scope.addHook("onRequest", async ({ headers, socket }, reply) => {
      reply.headers(config.responseHeaders);
      if (!config.keepAlive) reply.header("connection", "close");
      const header = (name: string) => [headers[name] ?? []].flat()[0];
      const reason = refusalOf({ remoteAddress: socket.remoteAddress ?? "", header }, config.authenticator, host);
      if (reason !== undefined) throw new OtlpHttpError(401, reason);
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request: FastifyRequest, payload: IncomingMessage) =>
      readBody(payload, config.maxBodyBytes),
    );
    scope.setErrorHandler((error, request, reply) =>
      send(reply, faultAnswer(error, encodingOf(request.headers["content-type"]) ?? json, settings)),
    );
    for (const signal of signals) {
      const output = outputs[signal];
      const path = config.paths[signal];
      if (output === undefined) {
        const missing = new OtlpHttpError(404, `no pipeline takes ${signal} here`);
        scope.post(path, () => Promise.reject(missing));
      } else scope.post(path, (request, reply) => take(request, reply, signal, output, config));
      scope.route({ method: otherMethods, url: path, exposeHeadRoute: false, handler: refuseMethod });
    }
    scope.route({ method: ["POST", ...otherMethods], url: "/v1/*", exposeHeadRoute: false, handler: refusePath });
    // All methods that there are, in one route: each of them has a tree of its own in the router. OPTIONS is answered by cors.
    const paths = new Set(Object.values(config.paths));
    const known = new Set(["POST", "OPTIONS", ...otherMethods]);
    scope.route({
      method: scope.supportedMethods.filter((method) => !known.has(method)),
      url: "/*",
      handler: (request, reply) =>
        paths.has(request.url.replace(/\?.*$/, "")) ? refuseMethod(request, reply) : refusePath(request),
    });
  });
}

/** What clients ask with by mistake. */
const otherMethods = ["GET", "HEAD", "PUT", "PATCH", "DELETE"];

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  signal: Signal,
  output: Output,
  { encodings, maxBodyBytes }: OtlpHttpConfig,
): Promise<FastifyReply> {
  const encoding = encodingOf(request.headers["content-type"]);
  if (encoding === undefined) {
    throw new OtlpHttpError(415, "Content-Type: expected application/x-protobuf or application/json");
  }
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const body = await decompress(raw, request.headers["content-encoding"], encodings, maxBodyBytes);
  const { batch, rejected, message } = readRequest(signal, body, encoding);
  const verdict = batch.itemCount === 0 ? accepted : await output.consume(batch, "http");
  return send(reply, answerVerdict(verdict, signal, rejected, message, encoding));
}

function refusePath({ originalUrl }: FastifyRequest): Promise<never> {
  return Promise.reject(new OtlpHttpError(404, `no OTLP signal is taken at ${originalUrl.slice(0, 100)}`));
}

function refuseMethod(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header("allow", "POST");
  return send(
    reply,
    answerError(405, `expected POST, got ${request.method}`, encodingOf(request.headers["content-type"]) ?? json),
  );
}

function faultAnswer(error: unknown, encoding: Encoding, settings: Settings): Answer {
  settings.count("refused_requests");
  if (error instanceof OtlpHttpError) return answerError(error.status, error.message, encoding);
  // What is left of the body stays unread, so nothing more can come over this connection.
  if (error instanceof BodyTooLarge)
    return answerError(413, "the body is larger than max_request_body_size", encoding, { connection: "close" });
  // Its client is gone, most often; what it sends again is another request.
  if (error instanceof BodyCutShort) return answerError(400, `the request was not whole: ${error.message}`, encoding);
  const { message, statusCode } = error as { message?: string; statusCode?: number };
  if (statusCode !== undefined && statusCode < 500) return answerError(400, message ?? "bad request", encoding);
  settings.log.error("a request failed inside the receiver", { error: String(error) });
  return answerError(500, "the collector failed; its log says why", encoding);
}

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
