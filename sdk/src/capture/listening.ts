// Listeners that are added together and removed together.

export type Listen = (target: EventTarget | undefined, types: string, listener: (event: Event) => void) => void;

/** Begins to listen; the function it returns ends it. */
export function listening(begin: (listen: Listen) => void): () => void {
  const ends: (() => void)[] = [];
  begin((target, types, listener) => {
    for (const type of types.split(" ")) {
      // In the capturing phase, where also those arrive that do not bubble.
      target?.addEventListener(type, listener, true);
      ends.push(() => target?.removeEventListener(type, listener, true));
    }
  });
  return () => {
    for (const end of ends) end();
  };
}

/** Without query and hash: addresses carry tokens there. */
export function bareUrl(url: unknown): string {
  return String(url).replace(/[?#].*$/s, "");
}
