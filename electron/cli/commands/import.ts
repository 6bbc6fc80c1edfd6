import type { Command } from "commander";
import type {
  CredentialChoice,
  ImportableServer,
  ImportChoice,
  ImportPreview,
  ImportResult,
  InlineCredential,
} from "../../../shared/import.ts";
import { MCPClientError } from "../../core/errors.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Run } from "../program/options.ts";
import { withCore, type CommandContext } from "../session.ts";
import { tellError } from "../tell-error.ts";
import type { Terminal } from "../terminal.ts";
import { inert, problemLine, table } from "../text.ts";

type ImportOptions = {
  find: boolean;
  dryRun: boolean;
  vault: boolean;
  keepInline: boolean;
  enable: boolean;
  json: boolean;
};

export function addImportCommand(program: Command, run: Run): void {
  program
    .command("import [file]")
    .description("import the servers of another MCP client: shows what each would run, and imports them switched off")
    .option("--find", "list the files of known clients on this machine; reads none of them", false)
    .option("--dry-run", "show what would be imported, and write nothing", false)
    .option("--vault", "move every credential that the file holds into the vault", false)
    .option("--keep-inline", "leave credentials in the servers' files, as they are", false)
    .option("--enable", "switch the imported servers on", false)
    .option("--json", "print JSON, for programs", false)
    .action((file: string | undefined, options: ImportOptions) =>
      run(options, (context) => importServers(context, file, options)),
    );
}

/** Ends with 2 where any server of the file was left out. */
async function importServers(
  context: CommandContext,
  file: string | undefined,
  options: ImportOptions,
): Promise<ExitCode> {
  if (options.find === (file !== undefined)) {
    throw new MCPClientError("bad_request", "Name one file to import from.", {
      hint: "`switchgear import --find` lists those of known clients.",
    });
  }
  if (options.vault && options.keepInline) {
    throw new MCPClientError("bad_request", "A credential goes to the vault or stays in the file: say one of them.");
  }
  return withCore(context, async ({ imports }) => {
    const { terminal } = context;
    if (file === undefined) {
      const found = await imports.find(process.cwd());
      if (options.json) terminal.print(JSON.stringify(found, null, 2));
      else for (const line of table(found.map(({ client, file: path }) => [client, path]))) terminal.print(line);
      if (found.length === 0) terminal.say("No known client keeps a file on this machine.");
      return exitCode.done;
    }
    const preview = await imports.preview(file);
    if (!options.json) tellPreview(terminal, preview);
    if (options.dryRun) {
      if (options.json) terminal.print(JSON.stringify(preview, null, 2));
      return preview.refused.length === 0 ? exitCode.done : exitCode.badUsage;
    }
    const choices = await choose(context, preview, options);
    const results = choices.length === 0 ? [] : await imports.apply(preview.id, choices, "terminal");
    if (options.json) terminal.print(JSON.stringify({ results, refused: preview.refused }, null, 2));
    else for (const result of results) tellResult(terminal, result);
    const isWhole = preview.refused.length === 0 && results.every(({ ok }) => ok);
    return isWhole ? exitCode.done : exitCode.badUsage;
  });
}

function tellPreview(terminal: Terminal, { file, vault, servers, refused }: ImportPreview): void {
  for (const { id, target, settings, credentials, notes } of servers) {
    terminal.say(`${id}: ${inert(target, 2000)}`);
    for (const setting of settings) terminal.say(`    ${inert(setting, 500)}`);
    for (const { key } of credentials) terminal.say(`    ! a credential stands in ${inert(key)}`);
    for (const note of notes) terminal.say(`    ${inert(note, 500)}`);
  }
  for (const { name, message, ...place } of refused) {
    terminal.say(inert(problemLine({ file, ...place, message: `"${name}" is left out: ${message}` }), 1000));
  }
  if (vault.state !== "ready" && servers.some(({ credentials }) => credentials.length > 0)) {
    tellError(terminal, { message: `The vault cannot take a credential: ${vault.reason}`, hint: vault.hint });
  }
}

async function choose(
  { terminal, signal }: CommandContext,
  { servers, vault }: ImportPreview,
  { enable, vault: toVault, keepInline, json }: ImportOptions,
): Promise<ImportChoice[]> {
  let forAll: "vault" | "file" | undefined = toVault ? "vault" : keepInline ? "file" : undefined;
  const isAsked = terminal.interactive && !json && forAll === undefined;
  const choices: ImportChoice[] = [];
  for (const { id, credentials } of servers) {
    const chosen: [string, CredentialChoice][] = [];
    for (const credential of credentials) {
      if (isAsked && forAll === undefined) {
        const canMove = credential.secret !== null && vault.state === "ready";
        const answer = await ask(terminal, signal, id, credential, canMove);
        if (answer === "skip") continue;
        if (answer === "vault for all") forAll = "vault";
        chosen.push([credential.key, choiceOf(credential, answer === "file" ? "file" : "vault")]);
      } else if (forAll !== undefined) chosen.push([credential.key, choiceOf(credential, forAll)]);
    }
    choices.push({ id, enable, credentials: Object.fromEntries(chosen) });
  }
  return choices;
}

type Answer = "vault" | "vault for all" | "file" | "skip";

async function ask(
  terminal: Terminal,
  signal: AbortSignal,
  id: ImportableServer["id"],
  { key, secret }: InlineCredential,
  canMove: boolean,
): Promise<Answer> {
  const about = `${id}: ${inert(key)} holds a credential.`;
  const offer = canMove ? ` Move it to the vault as ${secret}? [y]es, yes to [a]ll,` : "";
  const line = await terminal.ask(`${about}${offer} [k]eep it in the file, [N]o, leave the server out: `, signal);
  const letter = line.trim().toLowerCase()[0];
  if (letter === "k") return "file";
  if (canMove && letter === "y") return "vault";
  return canMove && letter === "a" ? "vault for all" : "skip";
}

/** Where no reference can stand, the core refuses the move in words. */
function choiceOf({ secret }: InlineCredential, to: "vault" | "file"): CredentialChoice {
  return to === "file" ? { to } : { to, name: secret ?? "none" };
}

function tellResult(terminal: Terminal, result: ImportResult): void {
  if (!result.ok) {
    tellError(terminal, {
      message: `${result.id} is left out: ${result.message}`,
      ...(result.hint && { hint: result.hint }),
    });
    return;
  }
  terminal.print(result.file);
  if (!result.enabled)
    terminal.say(`${result.id} is switched off. To switch it on, set \`enabled: true\` in its file.`);
  for (const name of result.missing) {
    terminal.say(`It needs a secret: switchgear secrets set ${inert(name)} --server ${result.id}`);
  }
}
