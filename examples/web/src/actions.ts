// What each button does, by the id of the button. `n` counts the clicks, so that two records can be told apart.

export const burstSize = 2_000;

type Action = (n: number) => void;

export const actions: Readonly<Record<string, Action>> = {
  trace: (n) => console.trace(`trace ${n}: how did we get here?`),
  debug: (n) => console.debug(`debug ${n}: cache miss for`, "user:42"),
  log: (n) => console.log(`log ${n}: the cart has`, 3, "items"),
  info: (n) => console.info(`info ${n}: signed in as %s`, "ada"),
  warn: (n) => console.warn(`warn ${n}: this API goes away in the next release`),
  error: (n) => console.error(`error ${n}: could not save the cart`, new Error(`HTTP 503 on attempt ${n}`)),
  throw: (n) => checkout({ id: n, items: [] }),
  reject: (n) => void loadProfile(n),
  objects: logObjects,
  burst: (n) => {
    for (let i = 1; i <= burstSize; i++) console.log(`burst ${n}: record ${i} of ${burstSize}`);
  },
};

interface Cart {
  readonly id: number;
  readonly items: readonly { readonly price: number }[];
}

/** Nobody catches what this throws: a real uncaught error, with a stack of three frames. */
function checkout(cart: Cart): void {
  total(cart);
}

function total(cart: Cart): number {
  const [first] = cart.items;
  if (first === undefined) throw new TypeError(`cart ${cart.id} has no items`);
  return cart.items.reduce((sum, { price }) => sum + price, 0);
}

/** Nobody awaits this one: a real unhandled rejection. */
async function loadProfile(n: number): Promise<void> {
  await Promise.resolve();
  throw new Error(`profile ${n} did not load`);
}

function logObjects(n: number): void {
  const order: Record<string, unknown> = { id: n, total: 19.9, tags: ["new", "gift"], placedAt: new Date() };
  order.self = order;
  console.log("an object, with itself inside", order);
  console.log("a map and a set", new Map([["a", 1]]), new Set([1, 2, 3]));
  console.log("an element", document.querySelector("h1"));
  console.table([
    { name: "ada", age: 36 },
    { name: "grace", age: 85 },
  ]);
}
