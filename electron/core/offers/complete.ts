import { UriTemplate, type CompleteRequest } from "@modelcontextprotocol/client";
import type { Completion, CompletionRef } from "../../../shared/offer.ts";
import { askPolicy, assertPermitted } from "../ask-policy.ts";
import type { ToolPins } from "../pins/tool-pins.ts";
import type { PolicyStore } from "../policy/policy-store.ts";
import { assertEnabled } from "../preconditions.ts";
import { askServer, type SendParts } from "../send-call.ts";
import type { ServerManager } from "../servers/manager.ts";
import type { SettingsStore } from "../settings-store.ts";

export type CompleteParts = Pick<SendParts, "clock" | "redactor" | "circuits"> & {
  settings: SettingsStore;
  policy: PolicyStore;
  pins: ToolPins;
  servers: ServerManager;
};

/** A half-written argument of a prompt, or variable of a template. */
export type CompletionRequest = {
  server: string;
  ref: CompletionRef;
  argument: { name: string; value: string };
  /** What stands in the others. */
  context?: Record<string, string> | undefined;
  /** Who asks, as the policy knows callers. */
  client: string;
};

/**
 * Asks a server what an argument may become, where what it is for may be read or got at all. Within its circuit and one attempt's
 * time; nobody is asked for it, and it is no call of the journal.
 * @throws MCPClientError as a call does
 */
export async function complete(
  parts: CompleteParts,
  request: CompletionRequest,
  signal?: AbortSignal,
): Promise<Completion> {
  const { server, client, argument, context = {} } = request;
  assertEnabled(parts.settings);
  for (const asked of judged(request)) {
    const call = { server, client, ...asked };
    assertPermitted(call, askPolicy(call, parts));
  }
  const params: CompleteRequest["params"] = {
    ref: referenceTo(request.ref),
    argument,
    ...(Object.keys(context).length > 0 && { context: { arguments: context } }),
  };
  const { values, total, hasMore } = await askServer(
    parts,
    { server: parts.servers.connection(server), what: "completion/complete", signal },
    (session, until) =>
      session.ask("completion/complete", until, async ({ client: sdk, options }) => {
        return (await sdk.complete(params, options)).completion;
      }),
  );
  return { values, total: total ?? null, hasMore: hasMore ?? false };
}

/** What the policy is asked: the request that the argument is for, as far as it stands. */
function judged({ ref, argument, context }: CompletionRequest): { tool: string; args: Record<string, unknown> }[] {
  const given = { ...context, [argument.name]: argument.value };
  if (ref.kind === "prompt") return [{ tool: "prompts/get", args: { name: ref.name, arguments: given } }];
  const uris = new Set([ref.uriTemplate, expand(ref.uriTemplate, given)]);
  return [...uris].map((uri) => ({ tool: "resources/read", args: { uri } }));
}

/** The template as it stands where it cannot be filled in. */
function expand(template: string, given: Record<string, string>): string {
  try {
    return new UriTemplate(template).expand(given);
  } catch {
    return template;
  }
}

function referenceTo(ref: CompletionRef): CompleteRequest["params"]["ref"] {
  if (ref.kind === "prompt") return { type: "ref/prompt", name: ref.name };
  return { type: "ref/resource", uri: ref.uriTemplate };
}
