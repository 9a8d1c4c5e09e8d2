// `file`: each batch is one append of one line, the OTLP/JSON request that it is. The verdict comes after the append, so what
// is acknowledged is in the file; a full disk gives pressure back.

import { homedir } from "node:os";
import { join } from "node:path";
import { accepted, type Exporter, retryable, type Settings } from "@chriscode/devmux-telemetry-server/component";
import { type AppendFile, createAppendFile } from "../files/append-file.ts";
import type { FileConfig } from "./config.ts";
import { createRotation, type Rotate } from "./rotation.ts";

export const defaultName = "telemetry.jsonl";

export function createFileExporter(settings: Settings, config: FileConfig): Exporter {
  let file: AppendFile | undefined;
  let rotation: Rotate | undefined;

  function line(text: string): ReturnType<Exporter["export"]> {
    const bytes = Buffer.from(`${text}\n`);
    let checked = file!.check();
    if (checked.ok && checked.offset > 0 && checked.offset + bytes.length > config.rotation.maxBytes) {
      file!.close();
      const problem = rotation!.rotate();
      // A file that cannot be renamed grows on; losing records is worse.
      if (problem !== undefined) settings.log.warn(problem);
      checked = file!.check();
    }
    if (!checked.ok) return Promise.resolve(retryable(checked.problem.message));
    const { problem } = file!.append(bytes);
    return Promise.resolve(problem === undefined ? accepted : retryable(problem.message));
  }

  return {
    async start({ stateDir }) {
      const path = pathOf(config.path, stateDir);
      file = createAppendFile(path, (event) => settings.count(`file_${event}`));
      rotation = createRotation(path, config, settings);
      const checked = file.check();
      if (!checked.ok) settings.health("degraded", checked.problem.message);
      rotation.prune();
    },
    async export(batch) {
      return file === undefined ? retryable("the exporter has not started") : line(batch.toJson());
    },
    async shutdown(signal) {
      file?.close();
      await rotation?.finish(signal);
    },
  };
}

function pathOf(configured: string | undefined, stateDir: string): string {
  if (configured === undefined) return join(stateDir, defaultName);
  return configured.startsWith("~/") ? join(homedir(), configured.slice(2)) : configured;
}
