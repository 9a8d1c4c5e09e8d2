// The command behind `tmux pipe-pane`: it copies what a pane prints into segments of bounded size.
//
// tmux expands formats (`#{…}`, `#(…)`, strftime's `%`) in that command and gives it to a shell, so nothing but letters, digits
// and the script's own signs is in it: the path goes in as octal numbers.

/** 4,096 bytes at once, written as they come: at most 8 MiB a segment. */
const readBytes = 4_096;
const readsPerSegment = 2_048;
/** What a collector that is away can find when it comes back: 64 MiB, or the last 16,000 writes of a quiet service. */
export const maxSegments = 8;

/** `prefix` is an absolute path; the segments are `<prefix>0.log`, `<prefix>1.log` …, and the oldest of too many are deleted. */
export function pipeCommand(prefix: string, segmentReads: number = readsPerSegment): string {
  const octal = [...Buffer.from(prefix)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  const segment = '"$p$n.log"';
  // dd ends well at the end of a segment and at the end of the pipe, which leaves the next segment empty; a full disk is waited for.
  return [
    "umask 077",
    `p="$(printf '${octal}')"`,
    "n=0",
    `while :; do if dd bs=${readBytes} count=${segmentReads} >>${segment} 2>/dev/null`,
    `then [ -s ${segment} ] || break`,
    "n=$((n+1))",
    `rm -f "$p$((n-${maxSegments})).log"`,
    "else sleep 1",
    "fi",
    "done",
    `rm -f ${segment}`,
  ].join("; ");
}
