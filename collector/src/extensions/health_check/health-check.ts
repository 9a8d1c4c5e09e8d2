// Live: the process answers. Ready: everything listens, nothing stops, and no component has failed. One that is degraded recovers
// by itself and takes what comes, so it does not make the collector unready; it is shown.

import type { CollectorHealth, Extension, HealthState } from "../../component/index.ts";
import { isThisMachine } from "../../http/addresses.ts";
import type { HealthCheckConfig } from "./config.ts";

export function pathsOf(path: string): { readonly root: string; readonly live: string; readonly ready: string } {
  const base = path === "/" ? "" : path.replace(/\/$/, "");
  return { root: path, live: `${base}/live`, ready: `${base}/ready` };
}

export function createHealthCheck({ address, path }: HealthCheckConfig): Extension {
  return {
    async start(host) {
      const { root, live, ready } = pathsOf(path);
      host.listener(address).register(async (scope) => {
        scope.get(live, async () => ({ status: "live" }));
        for (const url of [root, ready]) {
          scope.get(url, async ({ socket }, reply) => {
            const { code, body } = readiness(host.health());
            reply.code(code).header("cache-control", "no-store");
            // What failed may name a file or a backend; the network learns only whether.
            return isThisMachine(socket) ? body : { status: body.status };
          });
        }
      });
    },
  };
}

interface Readiness {
  readonly code: 200 | 503;
  readonly body: { readonly status: "ok" | "degraded" | "failed" | "starting" | "stopping" } & Pick<
    CollectorHealth,
    "components"
  >;
}

function readiness({ phase, components }: CollectorHealth): Readiness {
  const has = (state: HealthState) => components.some((each) => each.state === state);
  if (phase !== "running") return { code: 503, body: { status: phase, components } };
  if (has("failed")) return { code: 503, body: { status: "failed", components } };
  return { code: 200, body: { status: has("degraded") ? "degraded" : "ok", components } };
}
