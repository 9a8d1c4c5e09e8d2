// A page like any other: what it writes to the console arrives in DevMux with its place in this file.

import { type Cart, total } from "./cart.ts";

interface Shop {
  readonly name: string;
}

const shop: Shop = { name: "corner shop" };
const cart: Cart = { items: [{ price: 3 }, { price: 4 }] };

console.info("welcome to", shop.name);

document.getElementById("buy")?.addEventListener("click", () => {
  console.log("bought for %d", total(cart));
});

document.getElementById("fail")?.addEventListener("click", () => {
  throw new TypeError("the till is stuck");
});
