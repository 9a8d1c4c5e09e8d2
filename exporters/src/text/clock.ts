// Times as a pane and a queue line show them. Records come many to a second, so each keeps the last second it wrote.

type TimeFormat = (unixMs: number) => string;

const thousandths: readonly string[] = Array.from({ length: 1000 }, (_, index) => String(index).padStart(3, "0"));
const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
/** The last that a JavaScript date can be. */
const maxUnixMs = 8.64e15;

/** `12:34:56.789`, the machine's own time zone. A time that no clock can show is `--:--:--.---`. */
export function createTimeOfDay(): TimeFormat {
  return bySecond(
    "--:--:--.---",
    (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.`,
  );
}

/** `2026-11-21T12:34:56.789Z`. A time that no clock can show is the epoch's. */
export function createIsoTime(): TimeFormat {
  const format = bySecond("1970-01-01T00:00:00.000", (date) => date.toISOString().slice(0, -4));
  return (unixMs) => `${format(unixMs)}Z`;
}

/** `2026-11-21`, the machine's own time zone. */
export function localDate(unixMs: number): string {
  const date = new Date(unixMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function bySecond(impossible: string, format: (date: Date) => string): TimeFormat {
  let lastSecond = Number.NaN;
  let lastText = "";
  return (unixMs) => {
    if (!(unixMs >= 0 && unixMs <= maxUnixMs)) return impossible;
    const second = Math.floor(unixMs / 1000);
    if (second !== lastSecond) {
      lastText = format(new Date(second * 1000));
      lastSecond = second;
    }
    return lastText + thousandths[Math.floor(unixMs) % 1000];
  };
}
