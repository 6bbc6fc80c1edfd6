/** What clients ask for beside tools. What it fails with is a JSON-RPC error, as no model reads it. */

import {
  ProtocolError,
  ResourceNotFoundError,
  type CompleteRequest,
  type InputRequiredResult,
  type RequestMeta,
} from "@modelcontextprotocol/server";
import { assertNever } from "../../../shared/assert-never.ts";
import type { CompletionRef, PromptResult, ReadResult } from "../../../shared/offer.ts";
import { MCPRefusedError } from "../errors.ts";
import type { Answer } from "../offer-methods.ts";
import type { Offers } from "../offers/offers.ts";
import { pendingError, toProtocolError } from "./error-answer.ts";
import { exposeContents, exposeMessages } from "./expose-answer.ts";
import type { ExposedUris } from "./exposed-uris.ts";
import type { Request } from "./held-call.ts";
import { makeCall, type MakeCallParts, type Requester } from "./make-call.ts";
import type { AddressOffer } from "./server-offer.ts";
import type { Sight } from "./sight.ts";

export type AskOfferParts = MakeCallParts & {
  offer: AddressOffer;
  uris: ExposedUris;
  sight: Sight;
  complete: Offers["complete"];
};

/** @throws ProtocolError */
export async function readResource(
  parts: AskOfferParts,
  exposed: string,
  meta: RequestMeta | undefined,
  requester: Requester,
): Promise<ReadResult | InputRequiredResult> {
  const unknown = () => new ResourceNotFoundError(exposed);
  const own = parts.uris.find(exposed);
  if (!own) throw unknown();
  const { server, uri } = own;
  const method = "resources/read";
  const request = { server, method, tool: method, args: { uri } } as const;
  const expose = (answer: Answer) => exposeContents(answer as ReadResult, server, parts.uris);
  return ask(parts, request, meta, requester, { unknown, expose }).catch((error: unknown) => {
    throw withUri(error, uri, exposed);
  });
}

/** @throws ProtocolError */
export async function getPrompt(
  parts: AskOfferParts,
  { name: exposed, arguments: given = {} }: { name: string; arguments?: Record<string, string> | undefined },
  meta: RequestMeta | undefined,
  requester: Requester,
): Promise<PromptResult | InputRequiredResult> {
  const unknown = () => unknownPrompt(exposed);
  const offered = parts.offer.prompts.find(exposed);
  if (!offered) throw unknown();
  const { server, name } = offered;
  const method = "prompts/get";
  const args = { name, ...(Object.keys(given).length > 0 && { arguments: given }) };
  const expose = (answer: Answer) => exposeMessages(answer as PromptResult, server, parts.uris);
  return ask(parts, { server, method, tool: method, args }, meta, requester, { unknown, expose });
}

/** @throws ProtocolError */
export async function completeArgument(
  parts: AskOfferParts,
  { ref, argument, context }: CompleteRequest["params"],
  { caller }: Pick<Requester, "caller">,
  signal: AbortSignal,
): Promise<{ completion: { values: string[]; total?: number; hasMore: boolean } }> {
  const { server, method, own } = findReference(parts, ref);
  if (!parts.sight.sees(server, method)) throw unknownReference(ref);
  try {
    const asked = { server, ref: own, argument, context: context?.arguments, client: caller.name };
    const { values, total, hasMore } = await parts.complete(asked, signal);
    return { completion: { values, ...(total !== null && { total }), hasMore } };
  } catch (error) {
    throw toProtocolError(error);
  }
}

/** JSON-RPC: invalid params, and a fault of our own. */
const invalidParams = -32_602;
const internalError = -32_603;

type Reference = CompleteRequest["params"]["ref"];

function findReference(
  { offer, uris }: AskOfferParts,
  ref: Reference,
): { server: string; method: string; own: CompletionRef } {
  switch (ref.type) {
    case "ref/prompt": {
      const offered = offer.prompts.find(ref.name);
      if (!offered) throw unknownReference(ref);
      const { server, name } = offered;
      return { server, method: "prompts/get", own: { kind: "prompt", name } };
    }
    case "ref/resource": {
      const own = uris.find(ref.uri);
      if (!own) throw unknownReference(ref);
      const { server, uri: uriTemplate } = own;
      return { server, method: "resources/read", own: { kind: "resource", uriTemplate } };
    }
    default:
      return assertNever(ref);
  }
}

function unknownReference(ref: Reference): ProtocolError {
  return ref.type === "ref/prompt" ? unknownPrompt(ref.name) : new ResourceNotFoundError(ref.uri);
}

function unknownPrompt(name: string): ProtocolError {
  return new ProtocolError(invalidParams, `Unknown prompt: ${JSON.stringify(name)}`);
}

type Finish<A> = { expose: (answer: Answer) => A; unknown: () => ProtocolError };

async function ask<A>(
  { sight, ...parts }: AskOfferParts,
  request: Request,
  meta: RequestMeta | undefined,
  requester: Requester,
  { expose, unknown }: Finish<A>,
): Promise<A | InputRequiredResult> {
  const assertVisible = () => sight.assertSees(request.server, request.tool);
  try {
    const made = await makeCall(parts, { request, meta, assertVisible }, requester);
    switch (made.kind) {
      case "answered":
        return expose(made.answer);
      case "pending":
        throw pendingError(made.waiting);
      case "input":
        return made.result;
      case "task":
        // Its requesters have no `asTask`.
        throw new ProtocolError(internalError, "This request is no task.");
    }
  } catch (error) {
    // A client is not to learn of what it may not see.
    if (error instanceof MCPRefusedError && error.code === "not_visible") throw unknown();
    throw toProtocolError(error);
  }
}

/** A server's error about a resource is about what the client knows it by. */
function withUri(error: unknown, uri: string, exposed: string): unknown {
  if (!ProtocolError.isInstance(error)) return error;
  const { code, message, data } = error;
  if ((data as { uri?: unknown } | undefined)?.uri !== uri) return error;
  return new ProtocolError(code, message, { ...(data as object), uri: exposed });
}
