// Both layouts, and what becomes of windows and panes that are the user's own.

import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { never, startExporter } from "../../test/host.ts";
import { eventually, type PrivateTmux, privateTmux } from "../../test/private-tmux.ts";
import { numbered } from "../../test/records.ts";
import { factory } from "./factory.ts";
import type { Layout } from "./home.ts";
import { locate, prepareAttach } from "./locate.ts";
import { createTmuxExporter } from "./tmux.ts";

const streams = ["browser:localhost-3000", "node:api", "expo:shop-ios"];

async function start(tmux: PrivateTmux, layout: Layout, stateDir = temporaryDirectory()) {
  const create: typeof factory.create = (settings, config) => createTmuxExporter(settings, config, tmux.environment);
  const { exporter } = await startExporter({ ...factory, create }, { layout, color: "never" }, stateDir);
  return {
    exporter,
    stateDir,
    send: (name: string, from: number) => exporter.export(numbered(name, 1, { from }), never),
  };
}

/** `session:window` of every pane. */
const places = (tmux: PrivateTmux) =>
  tmux.run("list-panes", "-a", "-F", "#{session_name}:#{window_name}").trim().split("\n").sort();

describe("layout: windows", () => {
  it("one session holds a window for each stream", async () => {
    const tmux = privateTmux();
    const { send, stateDir } = await start(tmux, "windows");
    for (const name of streams) await send(name, 0);
    const { sessionName } = locate(streams[0]!, { stateDir }, "windows");
    await eventually(() =>
      expect(places(tmux)).toEqual(
        ["browser-localhost-3000", "expo-shop-ios", "node-api"].map((window) => `${sessionName}:${window}`),
      ),
    );
    for (const name of streams) {
      const { windowName } = locate(name, { stateDir }, "windows");
      await eventually(() => expect(tmux.pane(`=${sessionName}:=${windowName}`)).toContain("client-0"));
    }
    const attach = await prepareAttach("node:api", { stateDir, environment: tmux.environment, layout: "windows" });
    expect(attach.ok && tmux.run("display-message", "-p", "-t", attach.args.at(-1)!, "#{window_name}")).toBe(
      "node-api\n",
    );
  });

  it("a window that was closed and a server that was killed are made again, the user's window is not what is shown", async () => {
    const tmux = privateTmux();
    const { send, stateDir } = await start(tmux, "windows");
    for (const name of streams) await send(name, 0);
    const { sessionName } = locate(streams[0]!, { stateDir }, "windows");
    await eventually(() => expect(places(tmux)).toHaveLength(3));
    tmux.run("select-window", "-t", `=${sessionName}:=expo-shop-ios`);
    tmux.run("kill-window", "-t", `=${sessionName}:=node-api`);
    await eventually(async () => {
      await send("node:api", 1);
      expect(places(tmux)).toContain(`${sessionName}:node-api`);
    });
    // What someone looks at stays where it is.
    expect(tmux.run("display-message", "-p", "-t", `=${sessionName}:`, "#{window_name}")).toBe("expo-shop-ios\n");
    process.kill(tmux.pid, "SIGKILL");
    await eventually(async () => {
      await send("node:api", 2);
      expect(places(tmux)).toHaveLength(3);
    });
    await eventually(() => expect(tmux.pane(`=${sessionName}:=node-api`)).toContain("client-0"));
  });

  it("two collectors end up with one window for each stream", async () => {
    const tmux = privateTmux();
    const stateDir = temporaryDirectory();
    const both = await Promise.all([start(tmux, "windows", stateDir), start(tmux, "windows", stateDir)]);
    const many = Array.from({ length: 12 }, (_, index) => `node:s${index}`);
    for (const name of many) await Promise.all(both.map(({ send }, index) => send(name, index)));
    await eventually(() => expect(new Set(places(tmux)).size).toBe(many.length));
    await Promise.all(both.map(({ exporter }) => exporter.shutdown?.(never)));
    expect(places(tmux)).toHaveLength(many.length);
  });
});

describe.each<Layout>(["sessions", "windows"])("layout: %s", (layout) => {
  it("a pane and a window that the user opens in our session are left alone", async () => {
    const tmux = privateTmux();
    const { send, stateDir } = await start(tmux, layout);
    await send("node:api", 0);
    const { sessionName } = locate("node:api", { stateDir }, layout);
    await eventually(() => expect(places(tmux)).toHaveLength(1));
    const open = (...args: string[]) => tmux.run(...args, "-P", "-F", "#{pane_id}", "--", "cat").trim();
    const own = [open("split-window", "-b", "-t", `=${sessionName}:`), open("new-window", "-t", `=${sessionName}:`)];
    const [ours = ""] = tmux
      .run("list-panes", "-s", "-t", `=${sessionName}:`, "-F", "#{pane_id}")
      .trim()
      .split("\n")
      .filter((id) => !own.includes(id));
    tmux.run("kill-pane", "-t", ours);
    await eventually(async () => {
      await send("node:api", 1);
      expect(places(tmux)).toHaveLength(3);
    });
    for (const pane of own) expect(tmux.pane(pane).trim()).toBe("");
    // The session is still ours, so no second one was made beside it.
    expect(tmux.sessions()).toHaveLength(1);
  });

  it("is not undone by a user's `destroy-unattached on`", async () => {
    const tmux = privateTmux("set -g destroy-unattached on\nset -g base-index 1\nset -g renumber-windows on");
    const { send, stateDir } = await start(tmux, layout);
    for (const name of streams) await send(name, 0);
    await eventually(() => expect(places(tmux)).toHaveLength(3));
    const { sessionName, windowName } = locate("node:api", { stateDir }, layout);
    await eventually(() => expect(tmux.pane(`=${sessionName}:=${windowName}`)).toContain("client-0"));
  });
});
