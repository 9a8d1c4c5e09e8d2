// Clients that are not ours, and clients that mean harm.

import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { malformedMessages } from "./malformed.ts";
import { connectRaw } from "./raw-client.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.start();
});
afterAll(async () => world?.[Symbol.asyncDispose]());

const sdk = { "telemetry.sdk.name": "@chriscode/devmux-telemetry", "telemetry.sdk.version": "1.0.0" };
const browser = (port: number) => ({ kind: "browser", url: `http://localhost:${port}/` });

describe("a client that speaks only the plan's messages", () => {
  test("is served in full: stream name, pane, queue, clean goodbye", async () => {
    const client = await connectRaw(world.url, "plan-client");
    const ack = await client.hello({ "service.name": "mingle", ...sdk }, { kind: "expo", os: "ios" });
    expect(ack).toMatchObject({
      type: "hello-ack",
      payload: { streamName: "expo:mingle-ios", sessionId: expect.any(String) },
    });
    client.log({ cart: [1, 2], total: 9.5 });
    client.log("boom", {
      severityNumber: 17,
      severityText: "error",
      source: { file: "App.tsx", line: 12, column: 3 },
      exception: {
        type: "TypeError",
        message: "x is not a function",
        stacktrace: "TypeError: x is not a function\n    at App (App.tsx:12:3)",
        isUnhandled: true,
      },
    });
    await client.close();
    const pane = await world.until("both lines in the pane", async () => {
      const text = await world.pane("expo:mingle-ios");
      return text.includes("App.tsx:12") && text.includes("cart") ? text : undefined;
    });
    expect(pane).toContain("TypeError: x is not a function");
    const events = await world.until("both events", () => {
      const found = world.queue().filter(({ service }) => service === "expo:mingle-ios");
      return found.length === 2 ? found : undefined;
    });
    expect(events[1]).toMatchObject({
      severity: "error",
      pattern: "telemetry-error",
      rawContent: "TypeError: x is not a function",
    });
    const { streams } = await world.status();
    expect(streams.find(({ name }) => name === "expo:mingle-ios")).toMatchObject({
      connected: false,
      records: 2,
      errors: 1,
    });
  });

  test("gets an error that names the fault for each of 50 malformed messages, and goes on", async () => {
    const client = await connectRaw(world.url, "clumsy");
    await client.hello({ "service.name": "clumsy" }, { kind: "node" });
    expect(malformedMessages.length).toBeGreaterThanOrEqual(50);
    for (const { text, names } of malformedMessages) {
      client.socket.send(text);
      const reply = await client.reply();
      expect([text, reply.type]).toEqual([text, "error"]);
      expect(reply.payload.code).toMatch(/^DEVMUX_/);
      expect(`${text}: ${reply.payload.error}`).toContain(names);
    }
    client.log("still here");
    await world.until("the record after the malformed ones", () =>
      world.queue().find(({ rawContent }) => rawContent === "still here"),
    );
    await client.close();
    expect((await world.status()).running).toBe(true);
  });
});

describe("who may connect", () => {
  test.each(["http://evil.test", "https://localhost.evil.test", "null", "http://127.0.0.1.nip.io", "file://"])(
    "a page of %s is refused",
    async (origin) => {
      await expect(connectRaw(world.url, "evil", { origin })).rejects.toThrow("403");
      const post = await fetch(`${world.url.replace("ws:", "http:")}/v1/logs`, {
        method: "POST",
        headers: { origin, "content-type": "application/json" },
        body: "{}",
      });
      expect(post.status).toBe(403);
      expect(post.headers.get("access-control-allow-origin")).toBeNull();
    },
  );

  test("a page of this machine is taken", async () => {
    const client = await connectRaw(world.url, "mine", { origin: "http://localhost:4321" });
    expect((await client.hello({ "service.name": "mine" }, browser(4321))).payload.streamName).toBe(
      "browser:localhost-4321",
    );
    await client.close();
  });

  test("nobody reads or stops the collector without the token", async () => {
    const base = world.url.replace("ws:", "http:");
    for (const [path, method] of [
      ["/api/status", "GET"],
      ["/api/stop", "POST"],
    ] as const) {
      for (const authorization of ["", "Bearer ", "Bearer wrong"]) {
        const answer = await fetch(base + path, { method, headers: { authorization } });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
    expect((await world.status()).running).toBe(true);
  });
});

describe("text that means harm", () => {
  const touched = () => join(world.dir, "project", "x");
  const names = [
    "#(touch x)",
    "../../x",
    "#{pid}",
    "$(touch x)",
    "`touch x`",
    "; touch x",
    "-L",
    "%1",
    "a".repeat(5_000),
    "\u0000\n\u001b[31m",
  ];

  const titled = names.map((name) => [JSON.stringify(name).slice(0, 30), name] as const);

  test.each(titled)(
    "a stream named %s runs nothing and writes nothing outside the state directory",
    async (_title, name) => {
      const before = listing();
      const client = await connectRaw(world.url, `harm-${name.slice(0, 40)}`);
      const { payload } = await client.hello({ "service.name": name }, { kind: "node" });
      const stream = String(payload.streamName);
      expect(stream).toMatch(/^node:[a-z0-9][a-z0-9._-]{0,80}$/);
      client.log(`hello from ${names.indexOf(name)}`);
      await client.close();
      await world.until(
        "the line in the pane",
        async () => (await world.pane(stream)).includes(`hello from ${names.indexOf(name)}`) || undefined,
      );
      expect(existsSync(touched())).toBe(false);
      expect(existsSync(resolve(world.stateDir, "../../x"))).toBe(false);
      expect(listing()).toEqual(before);
    },
  );

  test("terminal escapes are shown, not obeyed", async () => {
    const client = await connectRaw(world.url, "escapes");
    await client.hello({ "service.name": "escapes" }, { kind: "node" });
    const escapes = [
      "\u001b[2J\u001b[3J",
      "\u001b]0;owned\u0007",
      "\u001b]52;c;cm0gLXJmIC8=\u0007",
      "\u001b[?1049h",
      "\u001bPq",
      "gone\rINFO all good",
      "\u001b[6n\u001b[c",
      "\u009b31m",
      "\u202eevil",
      "\u001b]unterminated",
    ];
    for (const [index, text] of escapes.entries()) client.log(`<${index}>${text}</${index}>`);
    client.log("first\n2026-01-01 ERROR forged");
    client.log("after all of them");
    await client.close();
    const pane = await world.until("the last line", async () => {
      const text = await world.pane("node:escapes");
      return text.includes("after all of them") ? text : undefined;
    });
    for (const index of escapes.keys()) expect(pane).toContain(`<${index}>`);
    expect(pane).toContain("gone");
    expect(pane).not.toMatch(/^2026-01-01 ERROR forged/m);
    expect(world.spool("node:escapes")).not.toMatch(/[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9f\u202e]/);
    expect(world.spool("node:escapes")).not.toMatch(/\u001b(?!\[[\d;:]*m)/);
    expect(await world.tmux("list-buffers")).toBe("");
    expect(await world.tmux("list-panes", "-a", "-F", "#{pane_title}")).not.toContain("owned");
  });

  /** Everything that is not the program's own state. */
  function listing(): string[] {
    return readdirSync(world.dir, { recursive: true })
      .map(String)
      .filter((path) => !path.startsWith(join("home", "state")) && !path.startsWith("triggers"))
      .sort();
  }
});
