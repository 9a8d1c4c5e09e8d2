// Waiting for a condition that nothing announces, in tests.

/** Looks every few milliseconds; the test's own timeout ends a wait in vain. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
