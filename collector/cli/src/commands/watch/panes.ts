// `devmux watch start|stop|status [service]`: which services' output is read for errors.

import { type Command, defineRunnable } from "../../command.ts";
import { type Environment, openEnvironment, paneOf } from "../../dev/environment.ts";
import { type Service, serviceOf } from "../../dev/project.ts";
import type { Located } from "../../dev/session.ts";
import { exitCodes } from "../../exit-codes.ts";
import { printLine, type Shell } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { configOption, notRunning } from "../dev/options.ts";

const args = {
  service: { type: "positional", required: false, description: "a service of devmux.config.json; all unless given" },
  config: configOption,
} as const;

interface Chosen {
  readonly environment: Environment;
  readonly services: readonly Service[];
  readonly located: Located;
}

async function choose(
  flags: { service?: string | undefined; config?: string | undefined },
  shell: Shell,
): Promise<Chosen> {
  const environment = openEnvironment({ config: flags.config }, shell);
  const { project } = environment;
  const services = flags.service === undefined ? project.services : [serviceOf(project, flags.service)];
  return { environment, services, located: await environment.locate() };
}

export const watchStartCommand: Command = defineRunnable({
  name: "start",
  summary: "Read what services print: errors go to the streams and the queue",
  examples: ["devmux watch start", "devmux watch start api"],
  args,
  async run({ service, config }, shell) {
    const { environment, services, located } = await choose({ service, config }, shell);
    if (located.session === undefined) throw notRunning(environment);
    for (const each of services) {
      const pane = paneOf(located, each.name);
      if (pane === undefined || pane.dead)
        printLine(shell.stdout, `${each.name}: does not run in this session; nothing to watch`);
      else
        printLine(
          shell.stdout,
          `${each.name}: ${(await environment.watcher.open(each, pane)) ? "watched from now on" : "is watched already"}`,
        );
    }
    return exitCodes.ok;
  },
});

export const watchStopCommand: Command = defineRunnable({
  name: "stop",
  summary: "Read what services print no longer",
  examples: ["devmux watch stop", "devmux watch stop api"],
  args,
  async run({ service, config }, shell) {
    const { environment, services, located } = await choose({ service, config }, shell);
    for (const each of services) {
      const was = await environment.watcher.close(each, paneOf(located, each.name));
      printLine(shell.stdout, `${each.name}: ${was ? "no longer watched" : "was not watched"}`);
    }
    return exitCodes.ok;
  },
});

export const watchStatusCommand: Command = defineRunnable({
  name: "status",
  summary: "Show which services are watched",
  examples: ["devmux watch status", "devmux watch status --json"],
  args: { ...args, json: { type: "boolean", default: false, description: "print one JSON object and nothing else" } },
  async run({ service, config, json }, shell) {
    const { environment, services, located } = await choose({ service, config }, shell);
    const states = services.map((each) => {
      const pane = paneOf(located, each.name);
      return {
        service: each.name,
        stream: `node:${each.name}`,
        running: pane !== undefined && !pane.dead,
        watched: environment.watcher.isOpen(each, pane),
      };
    });
    if (json) printLine(shell.stdout, safeJson({ services: states }));
    else
      for (const { service: name, stream, running, watched } of states)
        printLine(
          shell.stdout,
          `${name.padEnd(12)} ${watched ? `watched, stream ${stream}` : "not watched"}${running ? "" : "; does not run"}`,
        );
    return exitCodes.ok;
  },
});
