// What a device gives React Native's JavaScript before any of it runs: native logging, timers, a WebSocket. A line of what
// the app prints begins with "console", a frame that it sends with "sent".

const device = globalThis;
device.window = device;
device.navigator = { product: "ReactNative" };
device.nativeLoggingHook = (message, level) => print(`console ${level} ${message}`);

const nextTurn = device.setTimeout;
let timers = [];
let nextTimer = 1;
let now = 0;
device.setTimeout = (callback, delay) => {
  timers.push({ id: nextTimer, at: now + (delay || 0), callback });
  return nextTimer++;
};
device.clearTimeout = (id) => {
  timers = timers.filter((timer) => timer.id !== id);
};
device.setImmediate = (callback) => device.setTimeout(callback, 0);
device.queueMicrotask = (callback) => void Promise.resolve().then(callback);
device.performance = { now: () => now };

/** The VM has turns and no clock: time passes as far as the app has asked for, and no further than `untilMs`. */
device.passTime = (untilMs) => {
  const step = () => {
    timers.sort((a, b) => a.at - b.at || a.id - b.id);
    if (timers.length === 0 || timers[0].at > untilMs) return;
    const timer = timers.shift();
    now = Math.max(now, timer.at);
    try {
      timer.callback();
    } catch (error) {
      device.ErrorUtils.reportFatalError(error);
    }
    nextTurn(step, 0);
  };
  nextTurn(step, 0);
};

/** Opens, greets and acknowledges, as a collector does. */
device.WebSocket = function connect(url) {
  const listeners = {};
  const emit = (type, event) => {
    for (const listener of listeners[type] || []) listener(event);
    const property = socket[`on${type}`];
    if (typeof property === "function") property(event);
  };
  const answer = (type, payload) => {
    const meta = { clientId: "c", timestamp: 1 };
    const data = JSON.stringify({ protocol: "devmux-telemetry", version: 1, type, payload, meta });
    device.setTimeout(() => emit("message", { data }), 1);
  };
  const limits = { lastSequence: 0, window: 16, maxMessageBytes: 1_048_576 };
  const socket = {
    addEventListener(type, listener) {
      listeners[type] = [...(listeners[type] || []), listener];
    },
    removeEventListener() {},
    send(text) {
      print(`sent ${text}`);
      const { type, payload } = JSON.parse(text);
      if (type === "hello") answer("hello-ack", { sessionId: "s", streamName: "rn:app-ios", ...limits });
      if (type === "export") answer("ack", { sequence: payload.sequence });
    },
    close: () => emit("close", { code: 1000, reason: "" }),
  };
  print(`socket ${url}`);
  device.setTimeout(() => emit("open", {}), 1);
  return socket;
};
