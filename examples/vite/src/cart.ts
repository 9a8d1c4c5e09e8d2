// Its types are gone from what the browser runs, and its lines are other lines there.

export interface Item {
  readonly price: number;
}

export interface Cart {
  readonly items: readonly Item[];
}

export function total({ items }: Cart): number {
  const sum = items.reduce((before: number, { price }: Item): number => before + price, 0);
  console.debug("%d items cost", items.length, sum);
  return sum;
}
