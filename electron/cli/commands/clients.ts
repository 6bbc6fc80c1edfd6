import type { AccessToken, ClientView } from "../../../shared/access.ts";
import { MCPClientError } from "../../core/errors.ts";
import type { Core } from "../../core/core.ts";
import { operator } from "../answer-tickets.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { inert, table } from "../text.ts";

type Json = { json: boolean };
export type ClientChange = Json & { sees?: string[]; all?: boolean; lazy?: boolean };

/** Lists the clients of the gateway whose tokens are in use, with what each may see. */
export function listClients(context: CommandContext, { json }: Json): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const clients = inUse(core);
    if (json) context.terminal.print(JSON.stringify(clients, null, 2));
    else if (clients.length === 0) {
      context.terminal.say("No client has a token yet: `switchgear token create gateway NAME` makes one.");
    } else
      for (const line of table(clients.map((each) => [each.name, describe(each.view)]))) context.terminal.print(line);
    return exitCode.done;
  });
}

/** Changes what a client may see, and how it is shown that; what is not named stays as it is. */
export function setClient(context: CommandContext, name: string, change: ClientChange): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const client = inUse(core).find((each) => each.name === name);
    if (!client) {
      throw new MCPClientError("not_found", `There is no client "${name}" whose token is in use.`, {
        hint: "`switchgear clients` lists those that there are; `switchgear token create gateway NAME` makes one.",
      });
    }
    const { view } = await core.access.setView(client.id, changed(client.view, change), operator);
    if (change.json) context.terminal.print(JSON.stringify(view, null, 2));
    else context.terminal.say(`"${name}" ${describe(view)}.`);
    return exitCode.done;
  });
}

function changed(view: ClientView, { sees, all, lazy }: ClientChange): ClientView {
  if (sees && all) {
    throw new MCPClientError("bad_request", "--sees and --all say different things.", { hint: "Give one of them." });
  }
  return { sees: all ? null : (sees ?? view.sees), lazy: lazy ?? view.lazy };
}

function inUse(core: Core): AccessToken[] {
  return core.access.list("gateway").filter(({ revokedAt }) => revokedAt === null);
}

function describe({ sees, lazy }: ClientView): string {
  const what =
    sees === null ? "everything" : sees.length === 0 ? "nothing" : sees.map((each) => inert(each, 100)).join(", ");
  return `sees ${what}${lazy ? ", through find_tools, describe_tool and call_tool" : ""}`;
}
