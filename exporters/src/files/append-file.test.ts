import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { canMount, smallDisk } from "../../test/small-disk.ts";
import { type AppendEvent, createAppendFile } from "./append-file.ts";

function opened(path = join(temporaryDirectory(), "sub", "file.jsonl")) {
  const events: AppendEvent[] = [];
  const file = createAppendFile(path, (event) => events.push(event));
  onTestFinished(file.close);
  const append = (text: string) => {
    const checked = file.check();
    return checked.ok ? file.append(Buffer.from(text)) : { written: 0, problem: checked.problem };
  };
  return { path, file, events, append, content: () => readFileSync(path, "utf8") };
}

describe("an append file", () => {
  it.each([0o000, 0o077])("is private, and so is its directory, under umask %o", (mask) => {
    const before = process.umask(mask);
    onTestFinished(() => void process.umask(before));
    const { path, append } = opened();
    append("a\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
  });

  it("makes a file private that was there before", () => {
    const path = join(temporaryDirectory(), "file");
    writeFileSync(path, "old\n", { mode: 0o644 });
    const { append, content } = opened(path);
    append("new\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(content()).toBe("old\nnew\n");
  });

  it("begins a new line after a torn one, and says so once", () => {
    const path = join(temporaryDirectory(), "file");
    writeFileSync(path, '{"half":');
    const { append, content, events } = opened(path);
    append("a\n");
    append("b\n");
    expect(content()).toBe('{"half":\na\nb\n');
    expect(events).toEqual(["torn"]);
  });

  it("sees a line that another process has torn meanwhile", () => {
    const { path, append, content, events } = opened();
    append("a\n");
    appendFileSync(path, "theirs, whole\n");
    append("b\n");
    appendFileSync(path, "theirs, torn");
    append("c\n");
    expect(content()).toBe("a\ntheirs, whole\nb\ntheirs, torn\nc\n");
    expect(events).toEqual(["torn"]);
  });

  it.each<[string, (path: string) => void]>([
    ["renamed away", (path) => renameSync(path, `${path}.1`)],
    ["deleted", (path) => rmSync(path)],
    [
      "replaced by rename",
      (path) => {
        writeFileSync(`${path}.tmp`, "", { mode: 0o644 });
        renameSync(`${path}.tmp`, path);
      },
    ],
  ])("goes on at the path when it was %s", (_, change) => {
    const { path, append, content, events } = opened();
    append("a\n");
    change(path);
    append("b\n");
    expect(content()).toBe("b\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(events).toEqual(["replaced"]);
  });

  it("goes on at the end when it was truncated, without a hole", () => {
    const { path, append, content, events } = opened();
    append("aaaaaaaa\n");
    truncateSync(path, 0);
    append("b\n");
    expect(content()).toBe("b\n");
    expect(events).toEqual(["truncated"]);
  });

  it("says where the next line will stand", () => {
    const { path, file, append } = opened();
    append("abc\n");
    expect(file.check()).toMatchObject({ ok: true, offset: 4, inode: statSync(path).ino });
    appendFileSync(path, "torn");
    expect(file.check()).toMatchObject({ ok: true, offset: 9 });
  });

  it.each<[string, string, (path: string) => void]>([
    ["a symbolic link", "ELOOP", (path) => symlinkSync("/nowhere", path)],
    ["a FIFO", "NOT_A_FILE", (path) => void execFileSync("mkfifo", [path])],
    ["a directory", "EISDIR", (path) => mkdirSync(path)],
  ])("refuses %s at once, and takes the path when it is free again", (_, code, put) => {
    const { path, append, content } = opened(join(temporaryDirectory(), "file"));
    put(path);
    const { problem } = append("a\n");
    expect(problem?.code).toBe(code);
    expect(problem?.message).toContain(path);
    rmSync(path, { recursive: true });
    expect(append("b\n").problem).toBeUndefined();
    expect(content()).toBe("b\n");
  });

  it("refuses what takes its place while it is open", () => {
    const { path, append, events } = opened();
    append("a\n");
    rmSync(path);
    symlinkSync("/etc/passwd", path);
    expect(append("b\n").problem?.code).toBe("ELOOP");
    expect(events).toEqual(["replaced"]);
  });

  it("refuses a directory that everyone may write to, unless it is sticky", () => {
    const directory = temporaryDirectory();
    const { append } = opened(join(directory, "file"));
    chmodSync(directory, 0o777);
    expect(append("a\n").problem?.message).toContain("others may write to its directory; run chmod go-w");
    chmodSync(directory, 0o1777);
    expect(append("a\n").problem).toBeUndefined();
  });

  it("refuses a path through something that is no directory", () => {
    const path = join(temporaryDirectory(), "file");
    writeFileSync(path, "");
    expect(opened(join(path, "below")).append("a\n").problem?.message).toContain("not a directory");
  });

  it.runIf(canMount)("tears at most one line on a full disk, and none of the next when there is room again", () => {
    const disk = smallDisk(256 * 1024);
    const { append, content, events } = opened(join(disk.directory, "file"));
    append("first\n");
    disk.fill();
    const line = `${"x".repeat(9_999)}\n`;
    const { written, problem } = append(line);
    expect(problem?.code).toBe(written > 0 ? "SHORT_WRITE" : "ENOSPC");
    expect(append(line)).toMatchObject({ written: 0, problem: { code: "ENOSPC" } });
    disk.free();
    expect(append("last\n").problem).toBeUndefined();
    const torn = "x".repeat(written);
    expect(content()).toBe(written > 0 ? `first\n${torn}\nlast\n` : "first\nlast\n");
    expect(events).toEqual(written > 0 ? ["torn"] : []);
  });

  it("counts a short write by the limit on a file's size, and goes on with a line of its own", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "file");
    const script = `
      const { createAppendFile } = await import(${JSON.stringify(new URL("./append-file.ts", import.meta.url).href)});
      const file = createAppendFile(${JSON.stringify(path)});
      const results = [600, 600].map((size) => { file.check(); return file.append(Buffer.from("y".repeat(size - 1) + "\\n")); });
      console.log(JSON.stringify(results));`;
    // ulimit -f counts blocks of 512 bytes or, in some shells, of 1,024.
    const child = spawn("sh", [
      "-c",
      'ulimit -f 1; exec "$0" "$@"',
      process.execPath,
      "--input-type=module",
      "-e",
      script,
    ]);
    let output = "";
    for await (const chunk of child.stdout) output += chunk;
    const results = JSON.parse(output);
    const [first, second] = results;
    const torn = first.written < 600 ? first : second;
    expect(torn.problem.code).toBe("SHORT_WRITE");
    expect(statSync(path).size % 512).toBe(0);
    const { append, content } = opened(path);
    append("z\n");
    expect(content().endsWith("y\nz\n")).toBe(true);
  });

  it("keeps lines of several processes whole and each process's in order", async () => {
    const path = join(temporaryDirectory(), "file");
    const sizes = [200, 5_000, 70_000, 250_000];
    const lines = 200;
    const script = `
      const { createAppendFile } = await import(${JSON.stringify(new URL("./append-file.ts", import.meta.url).href)});
      const file = createAppendFile(${JSON.stringify(path)});
      const writer = Number(process.argv[1]);
      for (let line = 0; line < ${lines}; line++) {
        const text = String(writer).repeat(${JSON.stringify(sizes)}[(line + writer) % 4]);
        file.check();
        const { problem } = file.append(Buffer.from(JSON.stringify({ writer, line, text }) + "\\n"));
        if (problem) throw new Error(problem.message);
      }`;
    const writers = [0, 1, 2, 3];
    const ends = writers.map((writer) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script, String(writer)], {
        stdio: "inherit",
      });
      return new Promise((resolve) => child.on("exit", resolve));
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0, 0]);
    const found: number[][] = writers.map(() => []);
    for (const text of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
      const { writer, line, text: body } = JSON.parse(text);
      expect(body).toBe(String(writer).repeat(sizes[(line + writer) % 4]!));
      found[writer]!.push(line);
    }
    for (const each of found) expect(each).toEqual(Array.from({ length: lines }, (_, line) => line));
  });
});
