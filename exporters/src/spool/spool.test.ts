import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { canMount, smallDisk } from "../../test/small-disk.ts";
import { placeOf } from "./place.ts";
import { createSpool, type Spool } from "./spool.ts";

const oneMiB = 1024 * 1024;

function spoolIn(stateDir: string, maxBytes = oneMiB): Spool {
  const spool = createSpool(
    { name: "node:app", service: "app", platform: "node" },
    { stateDir, maxBytes, onEvent: () => {} },
  );
  onTestFinished(spool.close);
  return spool;
}

const read = ({ place }: Spool) => readFileSync(place.spoolPath, "utf8");
const line = (key: string) => `record ${key}\n`;

/** As an exporter does: what the spool has is not given to it again. */
function send(spool: Spool, keys: readonly string[]) {
  const fresh = keys.filter((key) => !spool.has(key));
  return spool.append(fresh.map(line), fresh);
}

describe("a spool", () => {
  it("holds records in order, and knows them", () => {
    const spool = spoolIn(temporaryDirectory());
    expect(send(spool, ["a-1", "a-2"])).toEqual({ written: 2, problem: undefined });
    expect(spool.append(["── header ──\n"], [""])).toEqual({ written: 1, problem: undefined });
    send(spool, ["a-2", "a-3"]);
    expect(read(spool)).toBe("record a-1\nrecord a-2\n── header ──\nrecord a-3\n");
    expect(spool.has("a-3")).toBe(true);
    expect(spool.has("a-4")).toBe(false);
    for (const path of [spool.place.spoolPath, spool.place.ledgerPath, spool.place.aboutPath]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(JSON.parse(readFileSync(spool.place.aboutPath, "utf8"))).toEqual({
      stream: "node:app",
      service: "app",
      platform: "node",
    });
  });

  it("writes no ledger for records that nobody can send again", () => {
    const spool = spoolIn(temporaryDirectory());
    spool.append(["a\n", "b\n"], ["", ""]);
    expect(existsSync(spool.place.ledgerPath)).toBe(false);
  });

  it("knows its records after a restart, in the file before too", () => {
    const stateDir = temporaryDirectory();
    const first = spoolIn(stateDir, 64 * 1024);
    const keys = Array.from({ length: 9_000 }, (_, index) => `client-${index}`);
    for (let at = 0; at < keys.length; at += 100) send(first, keys.slice(at, at + 100));
    expect(existsSync(first.place.olderSpoolPath)).toBe(true);
    const second = spoolIn(stateDir, 64 * 1024);
    expect(keys.filter((key) => !second.has(key))).toEqual([]);
  });

  it("forgets the oldest, so that its ledger stays small", () => {
    const stateDir = temporaryDirectory();
    const spool = spoolIn(stateDir);
    for (let batch = 0; batch < 200; batch++) {
      send(
        spool,
        Array.from({ length: 500 }, (_, index) => `client-${batch}-${index}`),
      );
    }
    const sizes = [spool.place.ledgerPath, `${spool.place.ledgerPath}.1`].map((path) => statSync(path).size);
    expect(Math.max(...sizes)).toBeLessThan(300 * 1024);
    const again = spoolIn(stateDir);
    expect(again.has("client-199-499")).toBe(true);
    expect(again.has("client-185-0")).toBe(true);
    expect(again.has("client-0-0")).toBe(false);
  });

  it("is renamed when it is full, and one record is never in two files", () => {
    const spool = spoolIn(temporaryDirectory(), 64 * 1024);
    for (let index = 0; index < 100; index++) spool.append([`${"x".repeat(999)}${index}\n`], [""]);
    expect(statSync(spool.place.spoolPath).size).toBeLessThanOrEqual(64 * 1024);
    const all = readFileSync(spool.place.olderSpoolPath, "utf8") + read(spool);
    expect(all.split("\n").filter((text) => !/^x{999}\d+$/.test(text))).toEqual([""]);
    expect(all.endsWith("x99\n")).toBe(true);
  });

  it("takes a batch that is larger than itself", () => {
    const spool = spoolIn(temporaryDirectory(), 64 * 1024);
    const texts = Array.from({ length: 300 }, (_, index) => `${index} ${"y".repeat(990)}\n`);
    expect(
      spool.append(
        texts,
        texts.map(() => ""),
      ),
    ).toEqual({ written: 300, problem: undefined });
    expect(read(spool).endsWith(texts.at(-1)!)).toBe(true);
    expect(statSync(spool.place.spoolPath).size).toBeLessThanOrEqual(64 * 1024);
  });

  describe("after a crash", () => {
    /** The ledger says that three records are coming; of the spool's bytes only so many came. */
    function crashed(bytes: (lengths: number) => number) {
      const stateDir = temporaryDirectory();
      const before = spoolIn(stateDir);
      send(before, ["k-0"]);
      const size = statSync(before.place.spoolPath).size;
      send(before, ["k-1", "k-2", "k-3"]);
      before.close();
      truncateSync(before.place.spoolPath, size + bytes(line("k-1").length));
      return spoolIn(stateDir);
    }

    it.each<[string, (length: number) => number, string[]]>([
      ["nothing was written", () => 0, ["k-1", "k-2", "k-3"]],
      ["the first was torn", () => 3, ["k-1", "k-2", "k-3"]],
      ["the second was torn", (length) => length + 3, ["k-2", "k-3"]],
      ["only the third is missing", (length) => 2 * length, ["k-3"]],
      ["all but the last two bytes was written", (length) => 3 * length - 2, ["k-3"]],
      ["only the last LF is missing", (length) => 3 * length - 1, []],
      ["all was written", (length) => 3 * length, []],
    ])("%s: what is missing comes once more, and nothing else", (_, bytes, missing) => {
      const spool = crashed(bytes);
      const keys = ["k-0", "k-1", "k-2", "k-3"];
      expect(keys.filter((key) => !spool.has(key))).toEqual(missing);
      send(spool, keys);
      const lines = read(spool).split("\n");
      for (const key of keys) expect(lines.filter((text) => text === `record ${key}`)).toHaveLength(1);
    });

    it("is not misled by what is appended before the client is back", () => {
      const spool = crashed(() => 0);
      spool.append(["── header, longer than the three records together, as it happens ──\n"], [""]);
      spool.close();
      const again = spoolIn(join(dirname(spool.place.spoolPath), ".."));
      expect(again.has("k-0")).toBe(true);
      expect(again.has("k-1")).toBe(false);
      send(again, ["k-1", "k-2", "k-3"]);
      expect(read(again).match(/record k-\d/g)).toEqual(["record k-0", "record k-1", "record k-2", "record k-3"]);
    });

    it.each([1, 5, 12, 20])("a ledger whose last %i bytes are missing promises nothing that did not happen", (cut) => {
      const stateDir = temporaryDirectory();
      const before = spoolIn(stateDir);
      send(before, ["k-1", "k-2"]);
      const { ledgerPath, spoolPath } = before.place;
      // Killed while it wrote the second line: the spool has not been touched.
      appendFileSync(
        ledgerPath,
        `i ${statSync(spoolPath).ino} ${statSync(spoolPath).size} k-3:b,k-4:b,k-5:b,!\n`.slice(0, -cut),
      );
      const spool = spoolIn(stateDir);
      expect(["k-1", "k-2", "k-3", "k-4"].filter((key) => spool.has(key))).toEqual(["k-1", "k-2"]);
      send(spool, ["k-3", "k-4"]);
      const again = spoolIn(stateDir);
      expect(["k-1", "k-2", "k-3", "k-4", "k-5"].filter((key) => again.has(key))).toEqual(["k-1", "k-2", "k-3", "k-4"]);
    });

    it("survives a ledger of any content", () => {
      const stateDir = temporaryDirectory();
      const { ledgerPath } = placeOf("node:app", { stateDir });
      mkdirSync(dirname(ledgerPath), { recursive: true });
      writeFileSync(ledgerPath, Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)));
      const spool = spoolIn(stateDir);
      send(spool, ["k-1"]);
      expect(spoolIn(stateDir).has("k-1")).toBe(true);
    });
  });

  it("goes on when its file was deleted", () => {
    const spool = spoolIn(temporaryDirectory());
    send(spool, ["a"]);
    rmSync(spool.place.spoolPath);
    send(spool, ["b"]);
    expect(read(spool)).toBe("record b\n");
  });

  it.runIf(canMount)("on a full disk says how far it came, and what it could not write comes whole and once", () => {
    const disk = smallDisk(512 * 1024);
    const spool = spoolIn(disk.directory);
    send(spool, ["k-0"]);
    disk.fill();
    const keys = Array.from({ length: 2_000 }, (_, index) => `client-${index + 1}`);
    let problem = send(spool, keys).problem;
    expect(problem?.message).toMatch(/cannot write .*free some space/);
    problem = send(spool, keys).problem;
    expect(problem?.code).toBe("ENOSPC");
    disk.free();
    expect(send(spool, keys).problem).toBeUndefined();
    const lines = read(spool).split("\n");
    for (const key of keys) expect(lines.filter((text) => text === `record ${key}`)).toHaveLength(1);
    const again = spoolIn(disk.directory);
    expect(keys.filter((key) => !again.has(key))).toEqual([]);
  });

  it.runIf(canMount)("does not take for written what a full disk refused, whatever came after it", () => {
    const disk = smallDisk(256 * 1024);
    const spool = spoolIn(disk.directory);
    send(spool, ["k-0"]);
    disk.fill();
    // The ledger's line finds room in the file's last block, the record does not.
    expect(spool.append([`${"x".repeat(20_000)}\n`], ["k-1"])).toMatchObject({
      written: 0,
      problem: { code: "SHORT_WRITE" },
    });
    disk.free();
    expect(spool.append([`${"y".repeat(40_000)}\n`], [""]).problem).toBeUndefined();
    spool.close();
    const again = spoolIn(disk.directory);
    expect(["k-0", "k-1"].filter((key) => again.has(key))).toEqual(["k-0"]);
    expect(again.append(["the record\n"], ["k-1"]).written).toBe(1);
    expect(spoolIn(disk.directory).has("k-1")).toBe(true);
  });
});
