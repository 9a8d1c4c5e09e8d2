// The files of the state directory, and what is believed of them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CliError } from "../errors.ts";
import { discover } from "./discover.ts";
import { isSameProcess, processIdentity } from "./identity.ts";
import { tryLock } from "./lock.ts";
import { prepareStateDirectory, stateDirectory } from "./state-dir.ts";
import { type CollectorState, readState, removeState, stateFile, writeState } from "./state-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-state-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const state: CollectorState = {
  pid: process.pid,
  processIdentity: processIdentity(process.pid)!,
  url: "ws://127.0.0.1:1",
  controlToken: "token",
  instanceId: "instance",
  version: "1.0.0",
  startedAt: 1,
  stopping: false,
};

describe("the state file", () => {
  test("is read as it was written, for its owner only, and leaves nothing beside it", () => {
    const before = process.umask(0);
    try {
      writeState(directory, state);
      writeState(directory, { ...state, version: "1.0.1" });
    } finally {
      process.umask(before);
    }
    expect(readState(directory)).toEqual({ kind: "read", value: { ...state, version: "1.0.1" } });
    expect(statSync(stateFile(directory)).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["collector.json"]);
  });

  test.each([
    ["half of it", '{"pid": 12'],
    ["nothing", ""],
    ["other JSON", '{"pid": "12"}'],
    ["a pid that would mean many processes", JSON.stringify({ ...state, pid: -1 })],
  ])("that holds %s is not believed", (_name, text) => {
    writeFileSync(stateFile(directory), text);
    expect(readState(directory).kind).toBe("unreadable");
  });

  test("is removed by the collector that wrote it and by no other", () => {
    writeState(directory, state);
    removeState(directory, "another instance");
    expect(readState(directory).kind).toBe("read");
    removeState(directory, "instance");
    expect(readState(directory).kind).toBe("absent");
    removeState(directory, "instance");
  });
});

describe("the state directory", () => {
  test("is $DEVMUX_HOME, else .devmux in the home directory", () => {
    const shell = { homeDir: "/home/ada", cwd: "/work" };
    expect(stateDirectory({ ...shell, env: {} })).toBe("/home/ada/.devmux");
    expect(stateDirectory({ ...shell, env: { DEVMUX_HOME: "state" } })).toBe("/work/state");
  });

  test("is made for its owner only", () => {
    prepareStateDirectory(join(directory, "a", "b"));
    expect(statSync(join(directory, "a", "b")).mode & 0o777).toBe(0o700);
  });

  test("that others can write to is refused, with what to do", () => {
    chmodSync(directory, 0o777);
    expect(() => prepareStateDirectory(directory)).toThrow(
      expect.objectContaining({ code: "DEVMUX_STATE_DIR", hints: [`close it: chmod 700 ${directory}`] }),
    );
  });

  test("that is a file is refused", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    expect(() => prepareStateDirectory(file)).toThrow(CliError);
    expect(() => prepareStateDirectory(join(file, "below"))).toThrow("cannot create the state directory");
  });
});

describe("the lock", () => {
  test("has one holder, also within one process, and is free again after it", () => {
    const lock = tryLock(directory)!;
    expect(tryLock(directory)).toBeUndefined();
    lock.release();
    lock.release();
    const next = tryLock(directory);
    expect(next).toBeDefined();
    next!.release();
    expect(statSync(join(directory, "collector.lock")).mode & 0o777).toBe(0o600);
  });

  test("of a process that is killed is free at once", async () => {
    const module = new URL("./lock.ts", import.meta.url).href;
    const script = `const { tryLock } = await import(${JSON.stringify(module)}); globalThis.lock = tryLock(${JSON.stringify(directory)}); console.log("locked"); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    expect(tryLock(directory)).toBeUndefined();
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const lock = tryLock(directory);
    expect(lock).toBeDefined();
    lock!.release();
  });
});

describe("a process's identity", () => {
  test("is its own, and stays the same", () => {
    expect(processIdentity(process.pid)).toMatch(/\d/);
    expect(isSameProcess(process.pid, processIdentity(process.pid)!)).toBe(true);
    expect(processIdentity(process.ppid)).not.toBe(processIdentity(process.pid));
  });

  test("ends with it, also while its parent has not collected it", async () => {
    const child = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    const [chunk] = await once(child.stdout, "data");
    const grandchild = Number(String(chunk));
    const identity = processIdentity(grandchild)!;
    expect(isSameProcess(grandchild, identity)).toBe(true);
    // The shell would collect it; `sleep`, which the shell becomes, does not.
    while (readFileSync(`/proc/${child.pid}/comm`, "utf8").trim() !== "sleep") await new Promise(setImmediate);
    process.kill(grandchild, "SIGKILL");
    // Its parent is `sleep`, which collects nobody: it stays a zombie, for which kill(pid, 0) succeeds.
    while (isSameProcess(grandchild, identity)) await new Promise(setImmediate);
    expect(() => process.kill(grandchild, 0)).not.toThrow();
    child.kill("SIGKILL");
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 31])("of %d is nobody's", (pid) => {
    expect(processIdentity(pid)).toBeUndefined();
  });
});

describe("the truth about a state file", () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
  });

  let asked: string[] = [];

  type Respond = (body: string, status?: number) => void;

  async function serve(answer: (respond: Respond, response: ServerResponse) => void): Promise<string> {
    asked = [];
    server = createServer(({ method, url, headers }, response) => {
      asked.push(`${method} ${url} ${headers.authorization}`);
      answer((body, status = 200) => response.writeHead(status).end(body), response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("none: nothing runs", async () => {
    expect(await discover(directory)).toEqual({ kind: "none" });
    expect(await discover(join(directory, "missing"))).toEqual({ kind: "none" });
  });

  const report = '{"running":true,"instanceId":"instance"}';

  test("a process that answers to the token with the instance runs", async () => {
    const url = await serve((respond) => respond(report));
    writeState(directory, { ...state, url });
    const expected = { kind: "running", state: { ...state, url }, report: { running: true, instanceId: "instance" } };
    expect(await discover(directory)).toEqual(expected);
    expect(asked).toEqual(["GET /api/status Bearer token"]);
  });

  test("a pid that another process has now is stale, whatever answers at the port", async () => {
    writeState(directory, { ...state, url: await serve((respond) => respond(report)), processIdentity: "boot:1" });
    expect(await discover(directory)).toMatchObject({ kind: "stale" });
    expect(asked).toEqual([]);
  });

  test.each([
    ["another instance", '{"running":true,"instanceId":"other"}', 200],
    ["another program", "<html>", 200],
    ["one that speaks JSON", "null", 200],
    ["one that refuses the token", '{"error":"no"}', 401],
  ])("%s at its port is no answer", async (_name, body, status) => {
    writeState(directory, { ...state, url: await serve((respond) => respond(body, status)) });
    expect((await discover(directory)).kind).toBe("silent");
  });

  test("one that answers without end is cut off", async () => {
    const url = await serve((_respond, response) => {
      const more = () => {
        while (response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    writeState(directory, { ...state, url });
    expect(await discover(directory)).toMatchObject({ kind: "silent", reason: expect.stringContaining("more than") });
  });

  test("one that is stopping is not asked", async () => {
    writeState(directory, { ...state, stopping: true });
    expect((await discover(directory)).kind).toBe("stopping");
  });

  test("nobody at its port is no answer", async () => {
    writeState(directory, state);
    expect(await discover(directory)).toMatchObject({
      kind: "silent",
      reason: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("a file that is no state is stale, with the reason", async () => {
    writeFileSync(stateFile(directory), "{");
    expect(await discover(directory)).toEqual({ kind: "stale", reason: `${stateFile(directory)} is no JSON` });
    rmSync(stateFile(directory));
    mkdirSync(stateFile(directory));
    expect(await discover(directory)).toMatchObject({ kind: "stale", reason: expect.stringContaining("EISDIR") });
  });
});
