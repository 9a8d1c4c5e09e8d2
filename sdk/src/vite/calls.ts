// The console calls of a module, in the order in which they stand.

/** What is read of an ESTree node; parsers differ in the rest. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Offsets into the module's text. */
export interface CallOffsets {
  /** Where `console` begins. */
  readonly start: number;
  /** Where the method's name begins: the place of a call, in V8's and SpiderMonkey's words. */
  readonly method: number;
  /** Where the callee ends. */
  readonly end: number;
}

/** Calls of `console.x`, `console?.x`, `console["x"]` and of the same on `window`, `globalThis`, `self`. */
export function findConsoleCalls(program: unknown): CallOffsets[] {
  const calls: CallOffsets[] = [];
  const open: unknown[] = [program];
  // With a list of its own: a long chain of calls or a generated file nests deeper than the stack is.
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const callee = isNode(value) && value.type === "CallExpression" ? unwrap(value.callee) : undefined;
    if (callee?.type === "MemberExpression" && isConsole(unwrap(callee.object)))
      calls.push({ start: callee.start, method: (callee.property as Node).start, end: callee.end });
    open.push(...Object.values(value));
  }
  return calls.sort((a, b) => a.start - b.start || a.end - b.end);
}

function isConsole(node: Node | undefined): boolean {
  if (node?.type === "Identifier") return node.name === "console";
  if (node?.type !== "MemberExpression" || node.computed === true) return false;
  const { name } = node.object as { name?: unknown };
  return (node.property as { name?: unknown }).name === "console" && /^(window|globalThis|self)$/.test(String(name));
}

/** Without the wrappers that optional chains and parentheses have in some parsers. */
function unwrap(value: unknown): Node | undefined {
  let node = isNode(value) ? value : undefined;
  while (node?.type === "ChainExpression" || node?.type === "ParenthesizedExpression")
    node = isNode(node.expression) ? node.expression : undefined;
  return node;
}

function isNode(value: unknown): value is Node {
  return typeof (value as { type?: unknown } | null | undefined)?.type === "string";
}
