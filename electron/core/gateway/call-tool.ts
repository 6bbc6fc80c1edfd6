import { inputRequired, type CallToolRequest, type Notification } from "@modelcontextprotocol/server";
import type { InputCapabilities, InputRequest, InputResponse } from "../../../shared/input.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import { readTraceContext } from "../../../shared/trace-context.ts";
import type { Cancellation } from "../cancellation.ts";
import { MCPRefusedError } from "../errors.ts";
import type { Caller } from "../http/access-tokens.ts";
import type { Clock } from "../ports.ts";
import { asInputRequest } from "./ask-client.ts";
import { answerError, answerPending, UnknownToolError } from "./error-answer.ts";
import type { Attendance, Attended, Carried } from "./held-call.ts";
import type { HeldCalls } from "./held-calls.ts";
import { ProgressTeller } from "./progress-teller.ts";
import type { Sight } from "./sight.ts";
import type { ToolMenu } from "./tool-offer.ts";

export type CallToolParts = {
  clock: Clock;
  offer: ToolMenu;
  sight: Sight;
  held: HeldCalls;
};

/** The client, as one request shows it. */
export type Requester = {
  caller: Caller;
  /** Takes the call back. */
  signal: Cancellation;
  /** What it has said that it can be asked. */
  capabilities: InputCapabilities;
  notify: (notification: Notification) => void;
  /** An older one is asked on the stream of its call. */
  ask?: (server: string, asked: InputRequest, signal: AbortSignal) => Promise<InputResponse>;
  /** A newer one is sent away, and comes back with what it was given and what it was asked for. */
  comingBack?: {
    state: WaitingState | undefined;
    responses: Record<string, InputResponse> | undefined;
    /** Seals what it is to bring back. */
    mint: (state: WaitingState) => Promise<string>;
  };
};

/** What a newer client carries while a person is asked. */
export type WaitingState = { call: string };

/** How long a client is held in one go while a person is asked: within the 60 s after which the SDKs' clients give up. */
const patienceMs = 45_000;
/** How long a newer client may take to come back: its SDK takes a quarter of a second. */
const comeBackMs = 30_000;
/** How long it may take where its person is asked something. */
const answerMs = 30 * 60_000;
/** How long an approval waits for a client that is to call again. */
const callAgainMs = 10 * 60_000;

/**
 * Makes a client's call through the path. While a person is asked, a newer client is sent away with a state and comes back with it; an
 * older one is held and told of progress, or, where it asked for none, told to call again.
 */
export async function callTool(
  { offer, sight, held, clock }: CallToolParts,
  { name, arguments: args = {}, _meta }: CallToolRequest["params"],
  { caller, signal, capabilities, notify, ask, comingBack }: Requester,
): Promise<ToolResult | ReturnType<typeof inputRequired>> {
  const offered = offer.find(name);
  if (!offered) throw new UnknownToolError(name);
  const assertVisible = () => sight.assertSees(offered.server, offered.name);
  const request = { server: offered.server, tool: offered.name, args };
  const isModern = comingBack !== undefined;
  const progressToken = _meta?.progressToken;
  const teller = progressToken === undefined ? null : new ProgressTeller(progressToken, notify);
  const mayStay = !isModern && teller !== null;

  const state = comingBack?.state;
  const earlier = state ? held.comeBackTo(caller, state.call) : mayStay ? null : held.sameAs(caller, request);
  const carried = { trace: readTraceContext(_meta), meta: passedOn(_meta) };
  const responses = comingBack?.responses;
  const brought = state ? undefined : responses;
  const call = earlier ?? held.make({ caller, request, carried, assertVisible, capabilities, brought });
  earlier?.answer(responses ?? {});
  const attendance: Attendance = {
    signal,
    patienceMs: mayStay ? null : patienceMs,
    onWaiting: (waiting) => teller?.tellWaiting(waiting),
    onProgress: (progress) => teller?.tell(progress),
    ask: ask && ((asked, until) => ask(offered.server, asked, until)),
  };
  try {
    const left = await held.attend(call, attendance, (attended) =>
      attended.kind === "asked" ? answerMs : isModern ? comeBackMs : untilCallAgain(attended, clock),
    );
    if (left.kind === "ended") return left.result;
    if (left.kind === "waiting" && !isModern) return answerPending(left.waiting);
    const asked = left.kind === "asked" ? Object.entries(left.requests) : [];
    const inputs = asked.map(([key, each]) => [key, asInputRequest(offered.server, each)] as const);
    return inputRequired({
      ...(inputs.length > 0 && { inputRequests: Object.fromEntries(inputs) }),
      requestState: await comingBack!.mint({ call: call.id }),
    });
  } catch (error) {
    // A client is not to learn of what it may not see.
    if (error instanceof MCPRefusedError && error.code === "not_visible") throw new UnknownToolError(name);
    return answerError(error);
  }
}

/** The ticket's own time, and some for the client to ask again after it. */
function untilCallAgain(attended: Attended, clock: Clock): number {
  const expiresAt = attended.kind === "waiting" ? attended.waiting.expiresAt : 0;
  return Math.max(0, expiresAt - clock.wallNow()) + callAgainMs;
}

/** What of a request's `_meta` is the server's: all but what is between the client and the gateway. */
function passedOn(meta: CallToolRequest["params"]["_meta"]): Carried["meta"] {
  if (!meta) return undefined;
  const { progressToken: _own, ...rest } = meta;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
