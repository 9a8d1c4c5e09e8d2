import fc from "fast-check";
import { expect, test } from "vitest";
import type { Platform } from "./live/messages.ts";
import { streamOfHello } from "./live/resource.ts";
import { platformOfStream, streamNamePattern, streamOfResource } from "./streams.ts";

function streamOf(service: string, platform: Platform): string {
  return streamOfHello({ resource: { "service.name": service }, platform }).name;
}

test.each<[string, string, Platform]>([
  ["browser:localhost-3000", "web", { kind: "browser", url: "http://localhost:3000" }],
  ["browser:localhost-3000", "web", { kind: "browser", url: "http://localhost:3000/cart?id=1#top" }],
  ["browser:localhost-3000", "web", { kind: "browser", url: "HTTP://LocalHost:3000/" }],
  ["browser:localhost-3000", "web", { kind: "browser", url: "blob:http://localhost:3000/6f1c" }],
  ["browser:localhost-3000", "web", { kind: "browser", url: "http://me:secret@localhost:3000/" }],
  ["browser:localhost", "web", { kind: "browser", url: "http://localhost/" }],
  ["browser:shop.example.com", "web", { kind: "browser", url: "https://shop.example.com/a" }],
  ["browser:my-web-app", "my-web-app", { kind: "browser" }],
  ["browser:my-web-app", "my-web-app", { kind: "browser", url: "" }],
  ["browser:my-web-app", "my-web-app", { kind: "browser", url: "about:blank" }],
  ["browser:my-web-app", "my-web-app", { kind: "browser", url: "file:///home/me/index.html" }],
  ["browser:my-web-app", "my-web-app", { kind: "browser", url: "data:text/html,<p>" }],
  ["expo:web-8081", "mingle", { kind: "expo", os: "web", url: "http://localhost:8081/" }],
  ["expo:web-8081", "mingle", { kind: "expo", url: "http://localhost:8081/" }],
  ["expo:mingle-web", "mingle", { kind: "expo", os: "web" }],
  ["expo:mingle-ios", "Mingle", { kind: "expo", os: "ios" }],
  ["expo:mingle-android", "mingle", { kind: "expo", os: "Android", url: "http://10.0.2.2:8081/" }],
  ["rn:myapp-ios", "MyApp", { kind: "react-native", os: "ios" }],
  ["rn:myapp", "MyApp", { kind: "react-native" }],
  ["node:cli-name", "cli-name", { kind: "node", os: "linux" }],
])("%s", (name, service, platform) => {
  expect(streamOf(service, platform)).toBe(name);
});

test("a client without a hello is named by its service", () => {
  expect(streamOfResource({ "service.name": "payments" })).toEqual({
    name: "otlp:payments",
    service: "payments",
    platform: "otlp",
  });
  expect(streamOfResource({}).name).toBe("otlp:unknown_service");
  expect(streamOfResource({ "service.name": 7, "url.full": {} }).name).toBe("otlp:unknown_service");
  expect(streamOfResource({ "service.name": "x", "devmux.platform": "constructor" }).name).toBe("otlp:x");
});

test("os.name stands in for the platform's own word", () => {
  expect(streamOfResource({ "service.name": "m", "devmux.platform": "expo", "os.name": "iOS" }).name).toBe(
    "expo:m-ios",
  );
});

test("a well-formed explicit name wins, any other is passed over", () => {
  const resource = { "service.name": "shop", "devmux.platform": "node" };
  expect(streamOfResource({ ...resource, "devmux.stream.name": "browser:localhost-1" }).name).toBe(
    "browser:localhost-1",
  );
  for (const bad of ["#(touch x)", "browser:../x", "tmux:x", "browser:", "browser:a\n", "", 5]) {
    expect(streamOfResource({ ...resource, "devmux.stream.name": bad }).name).toBe("node:shop");
  }
});

const hostile = [
  "#(touch x)",
  "../../x",
  "..",
  ".",
  "-rf",
  "x".repeat(5_000),
  "X".repeat(82),
  "cafe\u0301 au lait",
  "שלום",
  "\u202eevil",
  "a\0b",
  "\u001b[31mred",
  "a b",
  "a/b",
  "a:b",
  "a\nb",
  "$HOME",
  "`id`",
  "\ud800",
  "😀",
  "   ",
  "K2\u212a",
  "node:x",
];

test.each(hostile)("hostile name %$ becomes a safe one", (service) => {
  for (const kind of ["browser", "expo", "react-native", "node"] as const) {
    expect(streamOf(service, { kind, os: service, url: service })).toMatch(streamNamePattern);
    expect(streamOf("x", { kind, os: service, url: `http://${service}:1/` })).toMatch(streamNamePattern);
  }
});

test("cleaning never makes two names one", () => {
  const services = [...hostile, "a-b", "a--b", "a_b", "a.b", "a b ", " a b", "x".repeat(81), "x".repeat(82)];
  const names = services.map((service) => streamOf(service, { kind: "node" }));
  expect(new Set(names).size).toBe(services.length);
  // What cleaning made of one name, sent as a name by itself, is a third name.
  const made = streamOf("a b", { kind: "node" });
  expect(made).toMatch(/^node:a-b--[0-9a-z]{11}$/);
  expect(streamOf(made.slice("node:".length), { kind: "node" })).not.toBe(made);
});

test("NFC and NFD are the same name, readable without its accents", () => {
  const name = streamOf("café", { kind: "node" });
  expect(name).toMatch(/^node:cafe--/);
  expect(streamOf("cafe\u0301", { kind: "node" })).toBe(name);
});

test("the same client always has the same stream", () => {
  expect(streamOf("#(touch x)", { kind: "node" })).toBe("node:touch-x--178hepx1sry");
});

test("any text makes a safe name, and the service is bounded", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.webUrl(), (service, os, url) => {
      for (const kind of ["browser", "expo", "react-native", "node", "other"]) {
        const resource = {
          "service.name": service,
          "devmux.platform": kind,
          "devmux.platform.os": os,
          "url.full": url,
        };
        const stream = streamOfResource(resource);
        expect(stream.name).toMatch(streamNamePattern);
        expect(platformOfStream(stream.name)).toBe(stream.platform);
        expect(streamOfResource({ ...resource, "url.full": os }).name).toMatch(streamNamePattern);
      }
    }),
  );
  expect(streamOfResource({ "service.name": "s".repeat(5_000) }).service).toHaveLength(256);
});
