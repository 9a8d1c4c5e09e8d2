import { describe, expect, test } from "vitest";
import { accepted, type Exporter, rejected, retryable } from "../component/index.ts";
import { type QueueOptions, queueOptionsSchema } from "../config/queue-options.ts";
import { failingExporter, recordingExporter, silentLog, stuckExporter, testLogs } from "../testing/index.ts";
import { createSendingQueue } from "./sending-queue.ts";
import { createSettings } from "./settings.ts";
import { createStats, healthOf, totalDropped } from "./stats.ts";

const base = queueOptionsSchema().parse({
  retry_on_failure: { initial_interval: "1ms", max_interval: "2ms" },
});

function setUp(exporter: Exporter, options: Partial<QueueOptions> = {}) {
  const stats = createStats("exporter", "test");
  const queue = createSendingQueue(exporter, createSettings(stats, silentLog), stats, { ...base, ...options });
  queue.start();
  return { queue, stats, sent: () => stats.signals.logs.sent };
}

const soon = () => AbortSignal.timeout(50);
const inTime = () => AbortSignal.timeout(5_000);

describe("sending queue", () => {
  test("hands batches on in order and counts them as sent", async () => {
    const exporter = recordingExporter();
    const { queue, sent } = setUp(exporter);
    for (let index = 0; index < 50; index++) await queue.consume(testLogs(2, "r", index * 2));
    await queue.shutdown(inTime());
    expect(exporter.bodies).toEqual(Array.from({ length: 100 }, (_, index) => `r${index}`));
    expect(sent()).toBe(100);
    expect(queue.items).toBe(0);
  });

  test("joins waiting batches up to the limit, never past it", async () => {
    const exporter = stuckExporter();
    const { queue } = setUp(exporter, { maxBatchItems: 10 });
    for (let index = 0; index < 13; index++) await queue.consume(testLogs(3, "r", index * 3));
    exporter.release();
    await queue.shutdown(inTime());
    expect(exporter.bodies).toHaveLength(39);
    expect(exporter.batches.map((batch) => batch.itemCount)).toEqual([3, 9, 9, 9, 9]);
  });

  test("tries the same batch again after a retryable verdict, and none of it is lost or sent twice", async () => {
    const exporter = recordingExporter(retryable("not now"), retryable("not now"), accepted);
    const { queue, sent } = setUp(exporter);
    await queue.consume(testLogs(4));
    await exporter.received(4);
    await queue.shutdown(inTime());
    expect(exporter.bodies).toHaveLength(4);
    expect(sent()).toBe(4);
  });

  test("waits as long as the destination asks", async () => {
    const calls: number[] = [];
    const exporter: Exporter = {
      async export() {
        calls.push(performance.now());
        return calls.length === 1 ? retryable("later", 120) : accepted;
      },
    };
    const { queue } = setUp(exporter);
    await queue.consume(testLogs(1));
    await queue.shutdown(inTime());
    expect(calls[1]! - calls[0]!).toBeGreaterThanOrEqual(115);
  });

  test("gives up what is rejected, counted", async () => {
    const exporter = recordingExporter(rejected("bad data"));
    const { queue, stats } = setUp(exporter);
    await queue.consume(testLogs(3));
    await queue.shutdown(inTime());
    expect(stats.signals.logs).toMatchObject({ sent: 0, sendFailed: 3 });
    expect(stats.drops.get("rejected_by_destination")?.count).toBe(3);
  });

  test("a component that throws is tried again", async () => {
    let calls = 0;
    const { queue, sent } = setUp({
      async export() {
        if (++calls === 1) throw new Error("bug");
        return accepted;
      },
    });
    await queue.consume(testLogs(1));
    await queue.shutdown(inTime());
    expect(sent()).toBe(1);
  });

  test("block: has no room at its bound, and says so to who comes all the same", async () => {
    const exporter = stuckExporter();
    const size = testLogs(10).byteLength;
    const { queue, stats } = setUp(exporter, { maxBytes: size * 4, whenFull: "block" });
    let taken = 0;
    while (queue.hasRoom()) {
      expect((await queue.consume(testLogs(10))).kind).toBe("accepted");
      taken++;
    }
    // Four batches reach the bound exactly: what is absorbed is the limit's own number.
    expect(taken).toBe(4);
    expect(await queue.consume(testLogs(10))).toMatchObject({ kind: "retryable" });
    expect(totalDropped(stats)).toBe(0);
    exporter.release();
    await queue.shutdown(inTime());
    expect(exporter.bodies).toHaveLength(40);
  });

  test("drop_oldest: always has room, drops the oldest that waits, counted", async () => {
    const exporter = stuckExporter();
    const size = testLogs(10).byteLength;
    const { queue, stats } = setUp(exporter, { maxBytes: size * 4, whenFull: "drop_oldest", maxBatchItems: 10 });
    for (let index = 0; index < 10; index++) await queue.consume(testLogs(10, "r", index * 10));
    expect(queue.hasRoom()).toBe(true);
    const absorbed = queue.items;
    exporter.release();
    await queue.shutdown(inTime());
    expect(stats.drops.get("queue_full")?.count).toBe(100 - absorbed);
    expect(exporter.bodies).toHaveLength(absorbed);
    expect(exporter.bodies.at(-1)).toBe("r99");
  });

  test("an exporter that fails does not hold up the others: full, it drops its oldest although it blocks", async () => {
    const exporter = failingExporter();
    const size = testLogs(10).byteLength;
    const { queue, stats } = setUp(exporter, { maxBytes: size * 2, whenFull: "block" });
    for (let index = 0; index < 20; index++) {
      await queue.consume(testLogs(10, "r", index * 10));
      while (exporter.calls === 0) await new Promise(setImmediate);
      expect(queue.hasRoom()).toBe(true);
    }
    exporter.mend();
    await queue.shutdown(inTime());
    expect(exporter.bodies.at(-1)).toBe("r199");
    expect(exporter.bodies.length + totalDropped(stats)).toBe(200);
  });

  test("wait_for_result: the verdict comes after the delivery", async () => {
    const exporter = stuckExporter();
    const { queue } = setUp(exporter, { waitForResult: true });
    let answered = false;
    const verdict = queue.consume(testLogs(1)).then((value) => {
      answered = true;
      return value;
    });
    while (exporter.calls === 0) await new Promise(setImmediate);
    expect(answered).toBe(false);
    exporter.release();
    expect(await verdict).toEqual(accepted);
    expect(exporter.bodies).toHaveLength(1);
    await queue.shutdown(inTime());
  });

  test("wait_for_result: a failed attempt answers too, the batch stays queued", async () => {
    const exporter = failingExporter();
    const { queue } = setUp(exporter, { waitForResult: true });
    expect(await queue.consume(testLogs(2))).toEqual(accepted);
    expect(queue.items).toBe(2);
    exporter.mend();
    await exporter.received(2);
    await queue.shutdown(inTime());
  });

  test("shutdown sends what waits, and counts what the deadline leaves", async () => {
    const exporter = failingExporter();
    const { queue, stats } = setUp(exporter);
    for (let index = 0; index < 5; index++) await queue.consume(testLogs(3));
    await queue.shutdown(soon());
    expect(stats.drops.get("shutdown")?.count).toBe(15);
    expect(queue.items).toBe(0);
  });

  test("shutdown is safe twice, and after it nothing is taken", async () => {
    const { queue } = setUp(recordingExporter());
    await queue.shutdown(inTime());
    await queue.shutdown(inTime());
    expect((await queue.consume(testLogs(1))).kind).toBe("retryable");
  });

  test("says that it is degraded with the reason, and that it works again", async () => {
    const exporter = failingExporter(retryable("connection refused"));
    const { queue, stats } = setUp(exporter);
    await queue.consume(testLogs(1));
    while (healthOf(stats).state === "ok") await new Promise(setImmediate);
    expect(healthOf(stats)).toMatchObject({ state: "degraded", message: "connection refused" });
    exporter.mend();
    await exporter.received(1);
    await queue.shutdown(inTime());
    expect(healthOf(stats).state).toBe("ok");
  });
});
