import { MCPClientError } from "../../core/errors.ts";
import { readVault } from "../../core/vault-view.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { tellError } from "../tell-error.ts";
import { inert, table } from "../text.ts";

/** Lists the vault's secrets, and those that servers' files refer to in vain; never a value. */
export async function listSecrets(context: CommandContext, options: { json: boolean }): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const view = await readVault(core.vault, core.servers);
    const { status, secrets, missing } = view;
    if (options.json) terminal.print(JSON.stringify(view, null, 2));
    else {
      const rows = secrets.map(({ name, servers, usedBy }) => [
        inert(name),
        servers.length === 0 ? "for no server" : `for ${servers.join(", ")}`,
        usedBy.length === 0 ? "not used" : `used by ${usedBy.join(", ")}`,
      ]);
      for (const line of table(rows)) terminal.print(line);
      if (secrets.length === 0) terminal.say(`The vault ${status.file} holds no secret.`);
      for (const { name, moved } of secrets) {
        for (const { server, from, to } of moved) {
          terminal.say(`Held back: ${inert(name)} was allowed for ${inert(from, 400)}.`);
          terminal.say(`  The file of ${server} now says ${inert(to.shown, 400)}.`);
          terminal.say(`  If it may go there: switchgear secrets allow ${inert(name)} --server ${server}`);
        }
      }
      for (const { name, usedBy } of missing) {
        terminal.say(`Missing: secrets://${inert(name)}, which the file of ${usedBy.join(", ")} refers to.`);
      }
    }
    if (status.state === "ready") return exitCode.done;
    if (!options.json) tellError(terminal, { message: status.reason, hint: status.hint });
    return exitCode.badUsage;
  });
}

/** Keeps a secret, or replaces it: the value comes from the input, or from a person who does not see it typed. */
export async function setSecret(
  context: CommandContext,
  name: string,
  options: { server?: string[]; json: boolean },
): Promise<ExitCode> {
  const { terminal, signal } = context;
  return withCore(context, async (core) => {
    const isNew = !core.vault.list().some((secret) => secret.name === name);
    if (isNew && options.server === undefined) {
      throw new MCPClientError("bad_request", `${JSON.stringify(name)} is new, and bound to no server.`, {
        hint: "Say which servers may use it: --server ID …",
      });
    }
    for (const id of options.server ?? []) {
      // A file of that name may come later, so it is no error.
      if (!core.servers.list().some((server) => server.id === id)) {
        terminal.say(`No server in the catalog has the id "${inert(id)}" yet.`);
      }
    }
    const value = terminal.interactive ? await terminal.askHidden("Value: ", signal) : await terminal.readInput(signal);
    const servers = options.server && { servers: options.server };
    await core.vault.set(name, value.replace(/\r?\n$/, ""), { ...servers, by: "terminal" });
    if (options.json) terminal.print(JSON.stringify(core.vault.list().find((secret) => secret.name === name)));
    else terminal.say(`Kept. A server's file refers to it as secrets://${name}.`);
    return exitCode.done;
  });
}

/** Lets a secret go where a server's file sends it now, and says where that is. */
export async function allowSecret(
  { ...context }: CommandContext,
  name: string,
  { server, json }: { server: string; json: boolean },
): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const target = await core.vault.allow(name, server, "terminal");
    const { terminal } = context;
    if (json) terminal.print(JSON.stringify({ name, server, target: target.shown }));
    else terminal.say(`Allowed: ${server} gets it with ${inert(target.shown, 400)}.`);
    return exitCode.done;
  });
}

/** Removes a secret, and names the servers that lose it. */
export async function removeSecret(
  context: CommandContext,
  name: string,
  options: { json: boolean },
): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const usedBy = core.servers.secretUses().get(name) ?? [];
    await core.vault.remove(name, "terminal");
    if (options.json) context.terminal.print(JSON.stringify({ removed: name, usedBy }));
    else {
      const losers =
        usedBy.length === 0 ? "No server's file refers to it." : `It is missing now for ${usedBy.join(", ")}.`;
      context.terminal.say(`Removed. ${losers}`);
    }
    return exitCode.done;
  });
}
