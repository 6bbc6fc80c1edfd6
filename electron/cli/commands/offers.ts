/** What servers offer beside tools: listed, read, got. */

import type {
  PromptResult,
  PromptView,
  ReadResult,
  ResourceTemplateView,
  ResourceView,
} from "../../../shared/offer.ts";
import type { PermissionView } from "../../../shared/tool.ts";
import type { Core } from "../../core/core.ts";
import { promptCall, readCall } from "../../core/offers/offer-calls.ts";
import { assertEnabled } from "../../core/preconditions.ts";
import { operator } from "../answer-tickets.ts";
import { parsePromptArguments } from "../call-arguments.ts";
import { connectServers } from "../connect-servers.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { inert, table } from "../text.ts";
import { requestDownPath, type CallOptions, type PathOptions } from "./call.ts";

type ListOptions = { json: boolean };

/** Lists the resources of one server, or of all, and their templates, with the permission that each resolves to. */
export function listResources(
  context: CommandContext,
  server: string | undefined,
  options: ListOptions,
): Promise<ExitCode> {
  return list(context, server, ({ offers: { views } }, isMeant) => {
    const resources = views.resources(operator).filter(isMeant);
    const templates = views.resourceTemplates(operator).filter(isMeant);
    if (options.json) return context.terminal.print(JSON.stringify({ resources, templates }, null, 2));
    for (const line of table([...resources.map(resourceRow), ...templates.map(templateRow)])) {
      context.terminal.print(line);
    }
  });
}

/** Lists the prompts of one server, or of all, with the permission that each resolves to. */
export function listPrompts(
  context: CommandContext,
  server: string | undefined,
  options: ListOptions,
): Promise<ExitCode> {
  return list(context, server, ({ offers: { views } }, isMeant) => {
    const prompts = views.prompts(operator).filter(isMeant);
    if (options.json) return context.terminal.print(JSON.stringify(prompts, null, 2));
    for (const line of table(prompts.map(promptRow))) context.terminal.print(line);
  });
}

/** Reads a resource, and prints its text. */
export function readResource(
  context: CommandContext,
  server: string,
  uri: string,
  options: PathOptions,
): Promise<ExitCode> {
  return requestDownPath(
    context,
    options,
    (core, by, hooks) => core.report(readCall({ ...by, server, uri }), hooks),
    printContents,
  );
}

/** Gets a prompt, and prints its messages. */
export function getPrompt(
  context: CommandContext,
  server: string,
  name: string,
  options: CallOptions,
): Promise<ExitCode> {
  const args = parsePromptArguments(options.args);
  return requestDownPath(
    context,
    options,
    (core, by, hooks) => core.report(promptCall({ ...by, server, name, arguments: args }), hooks),
    printMessages,
  );
}

async function list(
  context: CommandContext,
  server: string | undefined,
  print: (core: Core, isMeant: (offer: { server: string }) => boolean) => void,
): Promise<ExitCode> {
  return withCore(context, async (core) => {
    assertEnabled(core.settings);
    const enabled = core.servers.list().filter((each) => each.enabled);
    const ids = server === undefined ? enabled.map(({ id }) => id) : [server];
    const failures = await connectServers(core, ids, context.signal);
    // Asked for by name, it has to answer.
    if (server !== undefined && failures.size > 0) throw failures.get(server)!;
    await Promise.all(ids.map((id) => core.servers.connection(id).offers.settled()));
    print(core, (offer) => ids.includes(offer.server));
    for (const [id, { message }] of failures) context.terminal.say(`${id}: ${inert(message, 2000)}`);
    if (server === undefined && core.status().catalog.problems.length > 0) return exitCode.badUsage;
    return failures.size > 0 ? exitCode.transport : exitCode.done;
  });
}

function resourceRow({ server, uri, name, title, permission }: ResourceView): string[] {
  return [server, inert(uri, 200), levelOf(permission), inert(title ?? name, 80)];
}

function templateRow({ server, uriTemplate, name, title, permission }: ResourceTemplateView): string[] {
  return [server, inert(uriTemplate, 200), levelOf(permission), inert(title ?? name, 80)];
}

/** Arguments as a person would be asked for them: those that may be left out in brackets. */
function promptRow({ server, name, arguments: args, permission, description }: PromptView): string[] {
  const words = args.map((arg) => (arg.required ? inert(arg.name, 40) : `[${inert(arg.name, 40)}]`));
  const first = inert(description?.split("\n", 1)[0] ?? "", 90);
  return [`${server}.${inert(name, 80)}`, words.join(" "), levelOf(permission), first];
}

function levelOf({ level, conditional }: PermissionView): string {
  return `${level ?? "REFUSED"}${conditional ? " (by arguments)" : ""}`;
}

function printContents(terminal: Terminal, { contents }: ReadResult): void {
  for (const { text, ...content } of contents) terminal.printForeign(text ?? JSON.stringify(content));
}

function printMessages(terminal: Terminal, { messages }: PromptResult): void {
  for (const { role, content } of messages) {
    const { text } = content as { text?: unknown };
    terminal.printForeign(`${role}: ${typeof text === "string" ? text : JSON.stringify(content)}`);
  }
}
