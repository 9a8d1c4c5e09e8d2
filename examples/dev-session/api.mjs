// What the carts cost. Bob's has no items yet, and nobody has thought of that.

import { createServer } from "node:http";

const carts = { ada: { items: [19.9, 5] }, bob: {} };

function total({ items }) {
  return items.reduce((sum, price) => sum + price, 0);
}

const server = createServer(async ({ url }, response) => {
  const cart = carts[url.slice(1)];
  response.end(cart === undefined ? "no such cart\n" : `${total(cart)}\n`);
});

server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("the carts are ready"));
