// `devmux queue …`

import { type Command, defineGroup } from "../../command.ts";
import { claimCommand } from "./claim.ts";
import { dismissCommand, releaseCommand, resolveCommand } from "./close.ts";
import { listCommand } from "./list.ts";
import { pruneCommand } from "./prune.ts";
import { showCommand } from "./show.ts";

export const queueCommand: Command = defineGroup({
  name: "queue",
  summary: "Work off what went wrong: look, claim, resolve",
  examples: ["devmux queue list", "devmux queue claim --agent fixer", "devmux queue resolve 3f2a91c0 --agent fixer"],
  commands: [listCommand, showCommand, claimCommand, resolveCommand, dismissCommand, releaseCommand, pruneCommand],
});
