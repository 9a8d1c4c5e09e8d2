// Where the collector is: `?devmux=ws://…` in the page's URL, else VITE_DEVMUX_URL of the build, else the default.

export const serverUrl: string =
  new URLSearchParams(location.search).get("devmux") ?? import.meta.env.VITE_DEVMUX_URL ?? "ws://127.0.0.1:9876";
