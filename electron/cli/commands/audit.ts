import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { AuditVerdict } from "../../../shared/audit.ts";
import { MCPClientError } from "../../core/errors.ts";
import type { Head } from "../../core/journal/audit-check.ts";
import { checkExport } from "../../core/journal/audit-export.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import type { Terminal } from "../terminal.ts";

export type VerifyOptions = {
  /** Fingerprints of the keys that count; any, unless given. */
  key: string[] | undefined;
  /** Heads that were kept elsewhere, as `auditHead` prints them. */
  head: string[] | undefined;
  json: boolean;
};

/** Prints the last record's place and hash, to be kept where whoever can change this computer cannot. */
export async function auditHead(context: CommandContext, { json }: { json: boolean }): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const last = await core.audit.latest();
    const head = last && { seq: last.seq, at: last.at, hash: last.hash };
    if (json) terminal.print(JSON.stringify(head));
    else if (head) terminal.print(`${head.seq}:${head.hash}`);
    else terminal.say("Nothing has been recorded yet.");
    return exitCode.done;
  });
}

/** Checks the audit chain, or an exported file without anything else, and names the first record that is wrong. */
export async function verifyAudit(
  context: CommandContext,
  file: string | undefined,
  { key, head, json }: VerifyOptions,
): Promise<ExitCode> {
  const trusted = key?.map((each) => each.toLowerCase());
  const heads = head?.map(parseHead);
  const verdict =
    file === undefined
      ? await withCore(context, (core) => core.auditKeeper.verify({ trusted, heads }))
      : await checkExport(await linesOf(resolve(file)), { trusted, heads });
  if (json) context.terminal.print(JSON.stringify(verdict, null, 2));
  else tell(context.terminal, verdict);
  return verdict.fault ? exitCode.unsound : exitCode.done;
}

/** Writes the chain with its proof. */
export async function exportAudit(
  context: CommandContext,
  file: string,
  { json }: { json: boolean },
): Promise<ExitCode> {
  const path = resolve(file);
  const records = await withCore(context, (core) => core.auditKeeper.exportTo(path));
  if (json) context.terminal.print(JSON.stringify({ file: path, records }, null, 2));
  else
    context.terminal.print(
      `${count(records)} written to ${path}. Check them anywhere: switchgear audit verify ${file}`,
    );
  return exitCode.done;
}

/** @throws MCPClientError `bad_request` */
function parseHead(text: string): Head {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash: hash.toLowerCase() };
  throw new MCPClientError("bad_request", `${JSON.stringify(text)} is no head of a chain.`, {
    hint: "It is what `switchgear audit head` printed: a number, a colon and 64 hexadecimal digits.",
  });
}

async function linesOf(path: string): Promise<AsyncIterable<string>> {
  try {
    await access(path);
  } catch (cause) {
    throw new MCPClientError("not_found", `The file ${path} cannot be read.`, { cause });
  }
  return createInterface({ input: createReadStream(path), crlfDelay: Infinity });
}

function tell(terminal: Terminal, { records, sealed, keys, fault, remarks }: AuditVerdict): void {
  if (fault) terminal.print(`NOT SOUND: ${fault.message}`);
  const whole = fault ? "are whole before that" : "checked: nothing was changed, removed or put in";
  terminal.print(`${count(records)} ${whole}. Signed up to record ${sealed}.`);
  for (const key of keys) terminal.print(`Signed by key ${key}`);
  for (const remark of remarks) terminal.print(remark);
}

function count(records: number): string {
  return records === 1 ? "1 record" : `${records} records`;
}
