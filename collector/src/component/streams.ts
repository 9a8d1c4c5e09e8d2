// The streams that exist, who feeds them and how much came. The receivers' side writes, everyone else reads.

export interface StreamInfo {
  readonly name: string;
  readonly service: string;
  /** browser, expo, react-native, node or otlp. */
  readonly platform: string;
  readonly connected: boolean;
  readonly records: number;
  /** Records of severity ERROR and above. */
  readonly errors: number;
  /** Unix milliseconds of the oldest open session, or of the last one that was opened. */
  readonly connectedAt: number;
  /** Unix milliseconds; undefined before the first record. */
  readonly lastRecordAt: number | undefined;
}

export interface StreamIdentity {
  readonly name: string;
  readonly service: string;
  readonly platform: string;
}

export interface Streams {
  list(): readonly StreamInfo[];
  /** A client connected; the function it returns says that it left (safe twice). */
  opened(stream: StreamIdentity): () => void;
  /** Records were accepted for a stream. */
  received(stream: StreamIdentity, records: number, errors: number): void;
  /** Called on every connect and disconnect; the function it returns ends that. */
  onChange(listener: (change: StreamChange) => void): () => void;
}

export interface StreamChange {
  readonly kind: "opened" | "closed";
  readonly stream: StreamIdentity;
  /** Unix milliseconds. */
  readonly at: number;
}
