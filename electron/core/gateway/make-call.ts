import { randomUUID } from "node:crypto";
import {
  inputRequired,
  type InputRequiredResult,
  type Notification,
  type RequestMeta,
} from "@modelcontextprotocol/server";
import type { InputCapabilities, InputRequest, InputResponse } from "../../../shared/input.ts";
import { isAtLeast, type LogLevel } from "../../../shared/log-level.ts";
import { readTraceContext } from "../../../shared/trace-context.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import type { Cancellation } from "../cancellation.ts";
import type { Caller } from "../http/access-tokens.ts";
import type { Answer } from "../offer-methods.ts";
import type { Clock } from "../ports.ts";
import type { OnLog } from "../servers/server-calls.ts";
import type { ServerTask } from "../servers/tasks/server-task.ts";
import type { Waiting } from "../tell-waiting.ts";
import { asInputRequest } from "./ask-client.ts";
import type { Attendance, Attended, Carried, Request } from "./held-call.ts";
import type { HeldCalls } from "./held-calls.ts";
import { originKey } from "./origin.ts";
import { ProgressTeller } from "./progress-teller.ts";

export type MakeCallParts = { clock: Clock; held: HeldCalls };

/** The client, as one request shows it. */
export type Requester = {
  caller: Caller;
  /** Takes the call back. */
  signal: Cancellation;
  /** What it has said that it can be asked. */
  capabilities: InputCapabilities;
  /** From where on it wants what servers log for its call; without it, it wants nothing of that. */
  logLevel: LogLevel | undefined;
  notify: (notification: Notification) => void;
  /** An older one is asked on the stream of its call. */
  ask?: (server: string, asked: InputRequest, signal: AbortSignal) => Promise<InputResponse>;
  /** It waits for as long as it takes: it is a task. */
  stays?: true;
  /** Hears in words how its call gets on. */
  watch?: { waiting: (waiting: Waiting) => void; said: (text: string) => void };
  /** Makes a task of what takes its time; without it, the client takes none. */
  asTask?: MakeTask;
  /** The call that is a task from now on, and what made it one. */
  resume?: { call: string; after: Attended };
  /** A newer one is sent away, and comes back with what it was given and what it was asked for. */
  comingBack?: {
    state: WaitingState | undefined;
    responses: Record<string, InputResponse> | undefined;
    /** Seals what it is to bring back. */
    mint: (state: WaitingState) => Promise<string>;
  };
};

/** @param call waits for the call in the task's place. @returns what the client is given at once */
export type MakeTask = (call: (requester: Requester) => Promise<ToolResult>) => object;

/** What a newer client carries while somebody is asked: another each time, so that it knows one round from the next. */
export type WaitingState = { call: string; round: string };

/** What a client's request asks for. */
export type Wanted = {
  request: Request;
  /** Its `_meta`. */
  meta: RequestMeta | undefined;
  /** Throws where the client may not see it. */
  assertVisible: () => void;
};

/** How a call ended as far as one request goes. */
export type Made =
  | { kind: "answered"; answer: Answer }
  /** A person is still to be asked, and the client is to call again. */
  | { kind: "pending"; waiting: Waiting }
  /** It takes its time, and the client takes tasks: the call of this id goes on as one. */
  | { kind: "task"; call: string; after: Attended; make: MakeTask }
  /** It is to come back, with what it is asked for. */
  | { kind: "input"; result: InputRequiredResult };

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
 * @throws what the call fails with
 */
export async function makeCall(
  { held, clock }: MakeCallParts,
  { request, meta, assertVisible }: Wanted,
  requester: Requester,
): Promise<Made> {
  const { caller, signal, capabilities, logLevel, notify, ask, comingBack, watch, asTask, resume } = requester;
  const { server } = request;
  const isModern = comingBack !== undefined;
  const progressToken = meta?.progressToken;
  const teller = progressToken === undefined ? null : new ProgressTeller(progressToken, notify);
  const mayStay = requester.stays === true || (!isModern && teller !== null);

  const state = resume ?? comingBack?.state;
  const earlier = state ? held.comeBackTo(caller, state.call) : mayStay ? null : held.sameAs(caller, request);
  const carried = { trace: readTraceContext(meta), meta: passedOn(meta) };
  const responses = comingBack?.responses;
  const brought = state ? undefined : responses;
  const call = earlier ?? held.make({ caller, request, carried, assertVisible, logLevel, capabilities, brought });
  earlier?.answer(responses ?? {});
  const attendance: Attendance = {
    signal,
    patienceMs: mayStay ? null : asTask ? 0 : patienceMs,
    leavesTasks: asTask !== undefined,
    onWaiting: (waiting) => {
      teller?.tellWaiting(waiting);
      watch?.waiting(waiting);
    },
    onProgress: (progress) => {
      teller?.tell(progress);
      if (progress.message !== null) watch?.said(progress.message);
    },
    onTask: (task) => {
      teller?.tellWords(wordsOf(task));
      watch?.said(wordsOf(task));
    },
    onLog: logLevel && logTeller(server, logLevel, notify),
    ask: ask && ((asked, until) => ask(server, asked, until)),
  };
  if (resume?.after.kind === "waiting") watch?.waiting(resume.after.waiting);
  if (resume?.after.kind === "task") watch?.said(wordsOf(resume.after.task));
  const left = await held.attend(call, attendance, (attended) =>
    attended.kind === "asked" ? answerMs : isModern ? comeBackMs : untilCallAgain(attended, clock),
  );
  if (left.kind === "ended") return { kind: "answered", answer: left.answer };
  if (asTask && left.kind !== "asked") return { kind: "task", call: call.id, after: left, make: asTask };
  if (left.kind === "waiting" && !isModern) return { kind: "pending", waiting: left.waiting };
  const asked = left.kind === "asked" ? Object.entries(left.requests) : [];
  const inputs = asked.map(([key, each]) => [key, asInputRequest(server, each)] as const);
  const result = inputRequired({
    ...(inputs.length > 0 && { inputRequests: Object.fromEntries(inputs) }),
    requestState: await comingBack!.mint({ call: call.id, round: randomUUID() }),
  });
  return { kind: "input", result };
}

/** Tells a client what a server logs for its call, as it came. */
function logTeller(server: string, least: LogLevel, notify: Requester["notify"]): OnLog {
  return ({ level }, said) => {
    if (!isAtLeast(level, least)) return;
    const _meta = { ...(said["_meta"] as object | undefined), [originKey]: { server } };
    notify({ method: "notifications/message", params: { ...said, _meta } });
  };
}

function wordsOf({ status, message }: ServerTask): string {
  return message ?? `The server's task: ${status}`;
}

/** The ticket's own time, and some for the client to ask again after it. */
function untilCallAgain(attended: Attended, clock: Clock): number {
  const expiresAt = attended.kind === "waiting" ? attended.waiting.expiresAt : 0;
  return Math.max(0, expiresAt - clock.wallNow()) + callAgainMs;
}

/** What of a request's `_meta` is the server's: all but what is between the client and the gateway. */
function passedOn(meta: RequestMeta | undefined): Carried["meta"] {
  if (!meta) return undefined;
  const { progressToken: _own, ...rest } = meta;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
