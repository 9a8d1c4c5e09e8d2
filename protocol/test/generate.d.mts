/** Writes the generated code into a directory. */
export function generate(outDirectory: string): void;
