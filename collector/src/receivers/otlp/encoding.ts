// The two encodings of OTLP/HTTP, by content type: what a request is read as is what its answer is written in.

export interface Encoding {
  readonly kind: "protobuf" | "json";
  readonly contentType: "application/x-protobuf" | "application/json";
}

export const protobuf: Encoding = { kind: "protobuf", contentType: "application/x-protobuf" };
export const json: Encoding = { kind: "json", contentType: "application/json" };

/** By media type alone, in any case, whatever parameters follow (`; charset=utf-8`); undefined for any other. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const mediaType = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType === protobuf.contentType) return protobuf;
  return mediaType === json.contentType ? json : undefined;
}
