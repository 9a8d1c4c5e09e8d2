// What a collector's process and the one that started it say to each other over Node's IPC channel.

import { z } from "zod";

/** To the starter. */
export type CollectorMessage =
  /** Somebody else was first; that one runs. */
  | { readonly type: "already"; readonly url: string; readonly pid: number }
  /** Another collector has the state directory, does not answer and does not go. */
  | { readonly type: "occupied"; readonly reason: string }
  | { readonly type: "ready"; readonly url: string; readonly pid: number; readonly notices: readonly string[] }
  | { readonly type: "failed"; readonly failure: Failure };

/** Why a collector did not start, in a form that survives the channel. */
export type Failure =
  | { readonly kind: "config"; readonly problems: readonly { readonly path: string; readonly message: string }[] }
  | {
      readonly kind: "listen";
      readonly host: string;
      readonly port: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "other"; readonly message: string };

/** To the collector: stop, as with SIGTERM, but safe to say twice. */
export type StarterMessage = { readonly type: "stop" };

export const starterMessageSchema: z.ZodType<StarterMessage> = z.object({ type: z.literal("stop") });

const failureSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("config"), problems: z.array(z.object({ path: z.string(), message: z.string() })) }),
  z.object({ kind: z.literal("listen"), host: z.string(), port: z.number(), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal("other"), message: z.string() }),
]);

export const collectorMessageSchema: z.ZodType<CollectorMessage> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("already"), url: z.string(), pid: z.number() }),
  z.object({ type: z.literal("occupied"), reason: z.string() }),
  z.object({ type: z.literal("ready"), url: z.string(), pid: z.number(), notices: z.array(z.string()) }),
  z.object({ type: z.literal("failed"), failure: failureSchema }),
]);
