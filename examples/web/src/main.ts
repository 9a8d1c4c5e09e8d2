// The page: telemetry first, so that nothing is missed, then one action for each button.

import { initTelemetry } from "@chriscode/devmux-telemetry";
import { actions } from "./actions.ts";
import { serverUrl } from "./server-url.ts";
import "./style.css";

initTelemetry({ serverUrl, serviceName: "my-web-app" });

const clicks = { count: 0 };

for (const [id, action] of Object.entries(actions)) {
  element(id).addEventListener("click", () => {
    clicks.count++;
    element("count").textContent = String(clicks.count);
    element("last").textContent = id;
    action(clicks.count);
  });
}

element("server").textContent = serverUrl;
// `host` without a port (http on 80) names the stream without one.
element("attach").textContent =
  `pnpm devmux attach browser:${location.host.replace(":", "-")}\npnpm devmux watch queue --follow`;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no element #${id}`);
  return found;
}
