/** The targets that a secret may go to: what each of its servers' files said when a person said yes. */

import type { SecretTarget } from "../../../shared/vault.ts";
import { MCPClientError } from "../errors.ts";
import type { Entry } from "./vault-file.ts";

/** A server as the vault asks for it: which one, and where what it is given goes. */
export type SecretUser = { id: string; target: SecretTarget };

type Targets = NonNullable<Entry["targets"]>;
/** What a server's file says now; `undefined` where there is no such file. */
export type TargetOf = (server: string) => SecretTarget | undefined;

/** A server that was bound before keeps its target, whatever its file says now; a new one gets that of its file. */
export function boundTargets(before: Entry | undefined, servers: readonly string[], targetOf: TargetOf): Targets {
  const entries = servers.flatMap((server) => {
    const target = before?.targets?.[server] ?? targetOf(server);
    return target ? [[server, target] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** @returns whether a target is known for the server. @throws MCPClientError `config_invalid` where it is another. */
export function assertGoesTo(name: string, { targets }: Entry, { id, target }: SecretUser): boolean {
  const allowed = targets?.[id];
  if (!allowed || allowed.hash === target.hash) return allowed !== undefined;
  throw new MCPClientError(
    "config_invalid",
    `That secret was allowed to go to ${allowed.shown}; the file of "${id}" would send it to ${target.shown}.`,
    { hint: `If it may go there, allow it in Settings, or run: switchgear secrets allow ${name} --server ${id}` },
  );
}
