import type { Grant } from "../../../shared/grant.ts";
import { operator } from "../answer-tickets.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { inert, table } from "../text.ts";

/** Lists the grants in force; with `all` those that are over, too. */
export async function listGrants(context: CommandContext, options: { all: boolean; json: boolean }): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const grants = (await core.grants.list()).filter(({ state }) => options.all || state === "active");
    if (options.json) terminal.print(JSON.stringify(grants, null, 2));
    else for (const line of table(grants.map(grantRow))) terminal.print(line);
    if (grants.length === 0 && !options.json) terminal.say("No grant is in force.");
    return exitCode.done;
  });
}

/** Takes a grant back; calls that it approved and that were not sent yet are refused. */
export async function revokeGrant(
  context: CommandContext,
  id: string,
  options: { reason: string; json: boolean },
): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const grant = await core.grants.revoke(id, operator, options.reason);
    terminal.print(options.json ? JSON.stringify(grant, null, 2) : `revoked ${grant.id}`);
    return exitCode.done;
  });
}

function grantRow(grant: Grant): string[] {
  const { id, state, server, tool, client, environment, by, uses } = grant;
  const whom = `for ${inert(client, 60)} in ${inert(environment, 40)}`;
  return [id, state, `${server}.${inert(tool, 80)}`, reach(grant), whom, `by ${inert(by, 60)}`, `used ${uses} times`];
}

function reach({ kind, expiresAt, args }: Grant): string {
  if (kind === "always") return `always with ${inert(JSON.stringify(args), 80)}`;
  return expiresAt === null ? "until Switchgear stops" : `until ${new Date(expiresAt).toLocaleString()}`;
}
