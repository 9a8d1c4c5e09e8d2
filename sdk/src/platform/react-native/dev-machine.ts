// The developer's machine as seen from a device: the host that the app's bundle comes from. Nothing is imported for it.

const loopback = /^(wss?:\/\/)(localhost|127(?:\.\d+){3}|\[::1\])(?=[:/]|$)/i;

interface ExpoGlobals {
  readonly expo?: { readonly modules?: { readonly ExponentConstants?: { readonly manifest?: unknown } } };
}

/** `host` of the development server (IPv6 in brackets), undefined where nothing tells. */
export function devHost(globals: object, stack: string): string | undefined {
  const host = hostOf(expoHost(globals as ExpoGlobals)) ?? hostOf(/https?:\/\/([^/\s]+)\/\S*\.bundle/.exec(stack)?.[1]);
  // A tunnel leads to Metro's port and no other; `diagnose` says what to do.
  return host !== undefined && /(^|\.)(exp\.direct|ngrok(-free)?\.\w+)$/.test(host) ? undefined : host;
}

/** The os that the bundle was made for: `ios`, `android`. */
export function devOs(stack: string): string | undefined {
  return /\.bundle\S*[?&/]platform=(\w+)/.exec(stack)?.[1];
}

/** A loopback address is the device itself, where no collector is; any other is what the app wants. The port stays. */
export function reachableUrl(url: string, host: string | undefined): string {
  return host === undefined ? url : url.replace(loopback, (_, scheme: string) => scheme + host);
}

function expoHost({ expo }: ExpoGlobals): unknown {
  try {
    const manifest = expo?.modules?.ExponentConstants?.manifest;
    // A text on Android.
    const read = typeof manifest === "string" ? JSON.parse(manifest) : manifest;
    return read?.hostUri ?? read?.extra?.expoClient?.hostUri;
  } catch {
    return undefined;
  }
}

function hostOf(address: unknown): string | undefined {
  return typeof address === "string" ? /^(\[[^\]]+\]|[^:/]+)/.exec(address)?.[1] : undefined;
}
