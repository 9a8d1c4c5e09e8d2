import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { describePortHolder, findPortHolder, listeningSockets } from "./port-holder.ts";

test("the holder of a port is named with its pid and command", async () => {
  const script =
    'require("net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port) })';
  const child = spawn(process.execPath, ["-e", script, "marker-of-this-test"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [chunk] = await once(child.stdout, "data");
    const holder = findPortHolder(Number(String(chunk)));
    expect(holder?.pid).toBe(child.pid);
    expect(holder?.command).toContain("node -e");
    expect(describePortHolder(holder)).toContain(`pid ${child.pid} (`);
    expect(holder!.command.length).toBeLessThanOrEqual(100);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

test("one on all addresses of IPv6 is found too", async () => {
  const server = createServer().listen(0);
  await once(server, "listening");
  expect(findPortHolder((server.address() as AddressInfo).port)?.pid).toBe(process.pid);
  server.close();
});

test("a command line cannot move the cursor", async () => {
  const script = 'require("net").createServer().listen(0, function () { console.log(this.address().port) })';
  const child = spawn(process.execPath, ["-e", script, "\u001b[2J"], {
    stdio: ["ignore", "pipe", "inherit"],
    argv0: "a\u001b]0;x\u0007",
  });
  try {
    const [chunk] = await once(child.stdout, "data");
    expect(findPortHolder(Number(String(chunk)))?.command).toContain("a\\x1b]0;x\\x07");
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

test("a port that nobody has, has no holder", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  expect(findPortHolder(port)).toBeUndefined();
  expect(describePortHolder(undefined)).toBe("a process that this user may not see");
});

test("only sockets that listen on exactly that port count", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2694 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 111 1
   1: 0100007F:2694 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 222 1
   2: 00000000:2695 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 333 1
   3: 00000000000000000000000000000000:2694 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 444 1`;
  expect(listeningSockets(table, 9876)).toEqual(["socket:[111]", "socket:[444]"]);
});
