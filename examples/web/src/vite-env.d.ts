/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** WebSocket URL of the collector. */
  readonly VITE_DEVMUX_URL?: string;
}
