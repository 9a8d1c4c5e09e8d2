// `devmux init`: writes a devmux.config.json from what package.json says.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, defineRunnable } from "../command.ts";
import { configFileName } from "../config/find.ts";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { type FoundProject, findProject } from "../init/found.ts";
import { printLine } from "../shell.ts";
import { visible } from "../show/visible.ts";

export const initCommand: Command = defineRunnable({
  name: "init",
  summary: "Write a devmux.config.json with the services that package.json names",
  examples: ["devmux init"],
  args: {},
  async run(_args, shell) {
    const project = findProject(shell.cwd);
    const file = join(shell.cwd, configFileName);
    write(file, project);
    printLine(shell.stdout, `${configFileName} for ${project.name}`);
    for (const { name, command, cwd, port } of project.services) {
      const where = cwd === undefined ? "" : ` in ${cwd}`;
      const health = port === undefined ? "works while it runs" : `works when port ${port} answers`;
      printLine(shell.stdout, visible(`  ${name.padEnd(12)} ${command}${where}, ${health}`));
    }
    const empty = project.services.length === 0;
    printLine(
      shell.stdout,
      empty ? "  no dev or start script here; add services by hand" : "  start them: devmux dev start",
    );
    return exitCodes.ok;
  },
});

function write(file: string, { name, services }: FoundProject): void {
  const entries = services.map(({ name: service, command, cwd, port }) => [
    service,
    { command, ...(cwd === undefined ? {} : { cwd }), ...(port === undefined ? {} : { health: { port } }) },
  ]);
  const config = { version: 1, project: name, services: Object.fromEntries(entries) as object };
  try {
    // Never over one that is there.
    writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      throw new CliError("DEVMUX_INIT", `${file} is there already; it was not changed`, [
        "start its services: devmux dev start",
      ]);
    }
    throw new CliError("DEVMUX_INIT", `${file} cannot be written (${code})`);
  }
}
