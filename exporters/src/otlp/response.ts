// What an OTLP backend says in the body of an answer: a partial success, or a status with a wait.

import { bytesField, fieldsOf, numberField, textField } from "./reader.ts";

export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** A message from outside that is shown and logged: no longer than this. */
const maxMessageLength = 300;

/** Of an Export<Signal>ServiceResponse in protobuf; undefined for full success. */
export function partialSuccessOf(response: Uint8Array): PartialSuccess | undefined {
  const partial = bytesField(response, 1);
  if (partial === undefined) return undefined;
  const rejected = numberField(partial, 1) ?? 0;
  const message = shorten(textField(partial, 2) ?? "");
  return rejected > 0 || message !== "" ? { rejected, message } : undefined;
}

/** The wait of the google.rpc.RetryInfo in a google.rpc.Status, in milliseconds; undefined where there is none. */
export function retryInfoOf(status: Uint8Array): number | undefined {
  for (const { number, value } of fieldsOf(status)) {
    if (number !== 3 || typeof value === "number" || textField(value, 1) !== "type.googleapis.com/google.rpc.RetryInfo")
      continue;
    const delay = bytesField(bytesField(value, 2) ?? new Uint8Array(), 1) ?? new Uint8Array();
    return (numberField(delay, 1) ?? 0) * 1_000 + Math.round((numberField(delay, 2) ?? 0) / 1e6);
  }
  return undefined;
}

/** Text of a backend for our own log and status. */
export function shorten(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
  return clean.length > maxMessageLength ? `${clean.slice(0, maxMessageLength)}…` : clean;
}
