// Values while nothing is there that reads them: texts as they are, data as JSON.

/** As long as one value's text may be. */
export const maxText = 8_192;

/** Never throws. */
export function plainText(value: unknown): string {
  try {
    const { stack } = (value ?? {}) as Error;
    return String(stack ?? (typeof value === "object" ? JSON.stringify(value) : value)).slice(0, maxText);
  } catch {
    return typeof value;
  }
}

export function plainValue(value: unknown): object {
  return { stringValue: plainText(value) };
}
