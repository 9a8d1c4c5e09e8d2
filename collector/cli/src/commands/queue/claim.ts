// `devmux queue claim`: the next event, for whoever asks; nobody else gets it until it is given back or the time is over.

import { randomBytes } from "node:crypto";
import type { Wish } from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { change } from "../../queue/change.ts";
import { clock, idWord, pageLines } from "../../queue/lines.ts";
import {
  agentOption,
  configOption,
  jsonOption,
  ofStream,
  readAgent,
  readDuration,
  severityOption,
  streamOption,
} from "../../queue/options.ts";
import { queueFile } from "../../queue/path.ts";
import { capped, notice, untrustedFields } from "../../queue/untrusted.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";

const path = "devmux queue claim";
/** Long enough to read some code and run a test; short enough that a dead agent's work is taken up the same quarter of an hour. */
const defaultLease = "10m";
const minLeaseMs = 1_000;
const maxLeaseMs = 24 * 3_600_000;

export const claimCommand: Command = defineRunnable({
  name: "claim",
  summary: "Take the next event that waits, the most severe and oldest first; or the one that is named",
  examples: [
    "devmux queue claim --agent fixer",
    "devmux queue claim --lease 30m --stream node:api --json",
    "devmux queue claim 3f2a91c0 --agent fixer",
  ],
  args: {
    id: { type: "positional", required: false, description: "this one; again, by the same agent, to have more time" },
    lease: {
      type: "string",
      default: defaultLease,
      valueHint: "TIME",
      description: "how long it is yours; then it waits again",
    },
    agent: {
      ...agentOption,
      description: "who you are; $DEVMUX_AGENT unless given, else a name of its own for each claim",
    },
    severity: severityOption("error", "nothing less severe"),
    stream: streamOption,
    json: jsonOption,
    config: configOption,
  },
  async run({ id, lease, agent, severity, stream, json, config }, shell) {
    const leaseMs = readDuration(path, "--lease", lease, { min: minLeaseMs, max: maxLeaseMs });
    const name = readAgent(path, agent ?? (shell.env.DEVMUX_AGENT || undefined)) ?? newName(shell);
    const wish: Wish =
      id === undefined
        ? { kind: "claim", agent: name, leaseMs, lowest: severity, where: ofStream(stream) }
        : { kind: "claim", agent: name, leaseMs, id };
    const claimed = await change(queueFile(config, shell), wish);
    if (claimed === undefined) {
      if (json) printLine(shell.stdout, safeJson({ item: null }));
      else printLine(shell.stderr, `nothing waits of severity ${severity} or above`);
      return exitCodes.notFound;
    }
    const item = capped(claimed.item);
    const next = nextCommands(idWord(item.id), name, lease);
    if (json) printLine(shell.stdout, safeJson({ notice, untrustedFields, item, agent: name, next }));
    else {
      const until = clock(item.claim?.until ?? "");
      printLine(shell.stdout, `claimed by ${name} until ${until}`);
      for (const line of pageLines(item, painter(shell.stdout, shell.env))) printLine(shell.stdout, line);
      for (const [what, command] of Object.entries(next))
        printLine(shell.stdout, `  ${`${what}:`.padEnd(9)} ${command}`);
    }
    return exitCodes.ok;
  },
});

/** Two who claim without a name must not be taken for the same. */
function newName({ env }: Shell): string {
  const user = (env.USER ?? "").replace(/[^a-zA-Z0-9_.-]/g, "").slice(0, 32);
  return `${user || "agent"}-${randomBytes(3).toString("hex")}`;
}

/** What can be done with it now. */
function nextCommands(id: string, agent: string, lease: string) {
  const of = (word: string, rest = "") => `devmux queue ${word} ${id} --agent ${agent}${rest}`;
  return {
    renew: of("claim", lease === defaultLease ? "" : ` --lease ${lease}`),
    resolve: of("resolve"),
    dismiss: of("dismiss"),
    release: of("release"),
  };
}
