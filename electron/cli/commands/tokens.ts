import { accessAreaSchema, type AccessArea, type AccessToken } from "../../../shared/access.ts";
import { MCPClientError } from "../../core/errors.ts";
import { operator } from "../answer-tickets.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { table } from "../text.ts";

type Options = { json: boolean };

/** Makes a token, and prints it alone: whoever reads it can keep it, nobody can read it again. */
export function createToken(context: CommandContext, area: string, name: string, { json }: Options): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const made = core.access.create(parseArea(area), name, operator);
    context.terminal.print(json ? JSON.stringify(made, null, 2) : made.token);
    if (!json)
      context.terminal.say(
        `The token of "${name}". It is not shown again; \`switchgear token revoke ${made.access.id}\` ends it.`,
      );
    return exitCode.done;
  });
}

/** Lists the tokens of one area, or of all. */
export function listTokens(context: CommandContext, area: string | undefined, { json }: Options): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const areas = area === undefined ? accessAreaSchema.options : [parseArea(area)];
    const tokens = areas.flatMap((each) => core.access.list(each));
    if (json) context.terminal.print(JSON.stringify(tokens, null, 2));
    else for (const line of table(tokens.map(toRow))) context.terminal.print(line);
    return exitCode.done;
  });
}

export function revokeToken(context: CommandContext, id: string, { json }: Options): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const revoked = await core.access.revoke(id, operator);
    if (json) context.terminal.print(JSON.stringify(revoked, null, 2));
    else context.terminal.say(`The token of "${revoked.name}" is revoked.`);
    return exitCode.done;
  });
}

function toRow({ id, area, name, createdAt, lastUsedAt, revokedAt }: AccessToken): string[] {
  const used = lastUsedAt === null ? "never used" : `used ${toDay(lastUsedAt)}`;
  return [id, area, name, `made ${toDay(createdAt)}`, revokedAt === null ? used : `revoked ${toDay(revokedAt)}`];
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function parseArea(text: string): AccessArea {
  const { success, data } = accessAreaSchema.safeParse(text);
  if (success) return data;
  throw new MCPClientError("bad_request", `There is no area "${text}".`, {
    hint: `A token opens one of: ${accessAreaSchema.options.join(", ")}.`,
  });
}
