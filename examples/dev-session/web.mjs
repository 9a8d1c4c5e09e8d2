// A page for each cart, with its price from the API.

import { createServer } from "node:http";

const { API, PORT } = process.env;

const server = createServer(async ({ url }, response) => {
  try {
    const price = await (await fetch(API + url)).text();
    response.end(`<h1>Your cart: ${price.trim()}</h1>\n`);
  } catch {
    response.statusCode = 502;
    response.end("<h1>Sorry</h1>\n");
  }
});

server.listen(Number(PORT), "127.0.0.1", () => console.log("the shop is open"));
