// Why nothing arrives, in one line for people. Looks when it is asked, so that a page that works pays nothing for it.

import { getRunning } from "./running.ts";

/** A host name. */
const thisMachine = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Never rejects; takes two seconds at most. */
export async function diagnose(): Promise<string> {
  try {
    const running = getRunning();
    if (running === undefined)
      return "initTelemetry has not been called here, or telemetry is off: `enabled: true` switches it on in production too.";
    const { serverUrl, telemetry } = running;
    const { state, problem = "", streamName, acknowledged = 0, buffered = 0, dropped = 0, problems } = telemetry.status;
    const also = problems.length > 0 ? ` Also: ${problems.join("; ").slice(0, 500)}` : "";
    if (state === "open") {
      const counts = `${acknowledged} records acknowledged, ${buffered} waiting, ${dropped} dropped`;
      return `Connected to ${serverUrl}${streamName ? ` as ${streamName}` : ""}: ${counts}.${problem && ` Last problem: ${problem}.`}${also}`;
    }
    return `${await reasonFor(serverUrl, problem)}${also}`;
  } catch (error) {
    return `diagnose failed: ${error}`;
  }
}

async function reasonFor(serverUrl: string, problem: string): Promise<string> {
  if (/\b4401\b/.test(problem))
    return `The collector at ${serverUrl} refused the token: set \`token\` to its telemetry.token.`;
  if (/\b4403\b/.test(problem))
    return `The collector at ${serverUrl} does not allow this page's origin: add ${origin()} to its telemetry.allowed_origins.`;
  if (/\b4409\b/.test(problem)) return "Another connection of the same client has taken this one's place.";
  let url: URL;
  try {
    url = new URL(serverUrl);
  } catch {
    return `serverUrl ${serverUrl} is no address: expected ws://127.0.0.1:9876.`;
  }
  const isLoopback = thisMachine.test(url.hostname);
  const { navigator, location } = globalThis as Partial<typeof globalThis>;
  if (isLoopback && navigator?.product === "ReactNative")
    return `${serverUrl} is this device itself: set serverUrl to the developer machine's address, or run \`adb reverse tcp:9876 tcp:9876\`.`;
  if (location?.protocol === "https:" && url.protocol === "ws:" && !isLoopback)
    return `Mixed content: this page is https, ${serverUrl} is not. Use wss://, or a relay of the same origin.`;
  const probe = await reach(serverUrl.replace(/^ws/, "http"));
  if (probe === "policy")
    return `The page's Content-Security-Policy does not allow ${serverUrl}: add it to connect-src.`;
  if (location && isLoopback && !thisMachine.test(location.hostname)) {
    const permission = await permissionState();
    if (permission && permission !== "granted")
      return `The browser asks before a page may reach this machine, and the answer is "${permission}": allow local network access for ${origin()}.`;
  }
  if (probe === "reached")
    return `The collector at ${serverUrl} is there, but there is no connection yet: ${problem || "it is being made"}.`;
  return `Nothing answers at ${serverUrl}: start the collector (\`devmux start\`), or set serverUrl to where it listens.${problem && ` (${problem})`}`;
}

function origin(): string {
  return (globalThis as Partial<typeof globalThis>).location?.origin ?? "this origin";
}

async function reach(url: string): Promise<"reached" | "policy" | "nothing"> {
  const { document: page, AbortController: Abort } = globalThis as Partial<typeof globalThis>;
  let isPolicy = false;
  const onViolation = (): void => {
    isPolicy = true;
  };
  page?.addEventListener("securitypolicyviolation", onViolation);
  const abort = Abort && new Abort();
  const timer = setTimeout(() => abort?.abort(), 2_000);
  try {
    // Without cors an answer of any kind is one; its contents are of no interest.
    await fetch(url, { mode: "no-cors", ...(abort && { signal: abort.signal }) });
    return "reached";
  } catch {
    // The event comes after the failure.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return isPolicy ? "policy" : "nothing";
  } finally {
    clearTimeout(timer);
    page?.removeEventListener("securitypolicyviolation", onViolation);
  }
}

/** "granted", "prompt" or "denied"; undefined where the browser has no such permission. */
async function permissionState(): Promise<string | undefined> {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      // A browser that does not know it.
    }
  }
  return undefined;
}
