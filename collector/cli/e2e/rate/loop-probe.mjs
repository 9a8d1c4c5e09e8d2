// Loaded into a collector (`node --import`): how late its event loop is. SIGUSR2 begins a measurement and SIGUSR2 ends it: the
// figures are then in the file that DEVMUX_LOOP_PROBE names. Its timer is late by what the loop does in between (`cpu`), and by the
// time that the machine gives to other programs (`wall`).

import { renameSync, writeFileSync } from "node:fs";

const path = process.env.DEVMUX_LOOP_PROBE;
const everyMs = 2;
let timer;

process.on("SIGUSR2", () => {
  if (timer === undefined) begin();
  else end();
});

let wall = [];
let cpu = [];

function begin() {
  let lastAt = performance.now();
  let lastCpu = process.threadCpuUsage();
  timer = setInterval(() => {
    const at = performance.now();
    const used = process.threadCpuUsage(lastCpu);
    const lateMs = Math.max(0, at - lastAt - everyMs);
    wall.push(lateMs);
    cpu.push(Math.min(lateMs, (used.user + used.system) / 1_000));
    lastAt = at;
    lastCpu = process.threadCpuUsage();
  }, everyMs);
  timer.unref();
}

function end() {
  clearInterval(timer);
  timer = undefined;
  const figures = { samples: wall.length, wall: percentiles(wall), cpu: percentiles(cpu) };
  wall = [];
  cpu = [];
  writeFileSync(`${path}.new`, JSON.stringify(figures));
  renameSync(`${path}.new`, path);
}

function percentiles(values) {
  values.sort((a, b) => a - b);
  const at = (share) => values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
