import { assertNever } from "../../../shared/assert-never.ts";
import type { InputCapabilities, InputOutcome, InputRequest, InputResponse } from "../../../shared/input.ts";
import { isOperator } from "../../../shared/operator.ts";
import type { ApprovalTime } from "../approval-time.ts";
import type { InvocationRecorder } from "../journal/invocation-recorder.ts";
import type { Clock } from "../ports.ts";
import type { ServerConnection } from "../servers/connection.ts";
import type { Inputs } from "../servers/server-calls.ts";
import type { AskingCall, QuestionInbox } from "./question-inbox.ts";
import { InputRefusal, notOffered, saidNo } from "./input-refusal.ts";
import { maySample, type Root } from "./input-rules.ts";

/** What a caller can be asked in the middle of its call. */
export type CallerInput = {
  capabilities: InputCapabilities;
  /** @throws InputRefusal; whatever the signal is aborted with */
  answer(request: InputRequest, signal: AbortSignal): Promise<InputResponse>;
};

type Parts = { clock: Clock; approvalTime: ApprovalTime; questions: QuestionInbox };
type Call = {
  call: AskingCall;
  server: ServerConnection;
  record: InvocationRecorder;
  hooks: { input?: CallerInput | undefined };
};
type Answer = { by: string; response: InputResponse };

/** Answers what a server asks in the middle of one call, by whoever made it, and writes each exchange down with the call. */
export class CallerInputs implements Inputs {
  #parts: Parts;
  #call: Call;
  #open = 0;

  constructor(parts: Parts, call: Call) {
    this.#parts = parts;
    this.#call = call;
  }

  get caller(): string {
    return this.#call.call.client;
  }

  capabilities(): InputCapabilities {
    const { elicitation, sampling, roots } = this.#call.hooks.input?.capabilities ?? {};
    const { config } = this.#call.server;
    return {
      ...(this.#consoleAnswers ? { elicitation: { form: {}, url: {} } } : elicitation && { elicitation }),
      ...(sampling && maySample(config) && { sampling }),
      ...((roots || config.roots.length > 0) && { roots: {} }),
    };
  }

  async answer(request: InputRequest, roots: readonly Root[], signal: AbortSignal): Promise<InputResponse> {
    const { clock } = this.#parts;
    const { record } = this.#call;
    const at = clock.wallNow();
    const startedAt = clock.now();
    const write = (outcome: InputOutcome, by: string, answer: unknown, reason: string | null) => {
      const { method, params: asked } = request;
      record.step({ kind: "input", at, method, asked, outcome, by, answer, reason, waitedMs: clock.now() - startedAt });
    };
    if (this.#open++ === 0) record.phase("waiting");
    try {
      const { by, response } = await this.#ask(request, roots, signal);
      write(outcomeOf(request, response), by, response, null);
      return response;
    } catch (error) {
      if (error instanceof InputRefusal) write(error.outcome, "switchgear", null, error.message);
      else
        write("withdrawn", this.#call.server.config.id, null, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      if (--this.#open === 0) record.phase("running");
    }
  }

  /** For its own calls; and for those of clients that cannot be asked, where the server's file says so. */
  get #consoleAnswers(): boolean {
    const { call, server } = this.#call;
    return isOperator(call.client) || server.config.elicitation === "console";
  }

  async #ask(request: InputRequest, roots: readonly Root[], signal: AbortSignal): Promise<Answer> {
    const { call, server, hooks } = this.#call;
    const { config } = server;
    if (request.method === "sampling/createMessage" && !maySample(config)) {
      throw new InputRefusal(
        saidNo,
        `"${config.id}" may not make a caller's model work: see \`sampling\` in its file.`,
      );
    }
    if (hooks.input && offers(hooks.input.capabilities, request)) {
      return { by: call.client, response: await this.#within(signal, (limit) => hooks.input!.answer(request, limit)) };
    }
    if (request.method === "elicitation/create" && this.#consoleAnswers) {
      const { approvalTime, questions } = this.#parts;
      const ask = (limit: AbortSignal) => questions.ask(request, call, approvalTime.timeoutMs, limit);
      return await this.#within(signal, ask);
    }
    if (request.method === "roots/list" && roots.length > 0) {
      return { by: "switchgear", response: { roots: [...roots] } };
    }
    throw new InputRefusal(notOffered, `"${call.client}", who made the call, does not offer ${what(request)}.`);
  }

  /** As long as a person has to approve a call, and no longer. */
  async #within<T>(signal: AbortSignal, ask: (limit: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, approvalTime } = this.#parts;
    const late = new AbortController();
    const error = new InputRefusal(saidNo, "Nobody answered in time.", "expired");
    using _timer = clock.schedule(approvalTime.timeoutMs, () => late.abort(error));
    return await ask(AbortSignal.any([signal, late.signal]));
  }
}

function offers({ elicitation, sampling, roots }: InputCapabilities, { method, params }: InputRequest): boolean {
  switch (method) {
    case "elicitation/create":
      // A client that names no mode knows the older one alone.
      return isUrl(params)
        ? elicitation?.url !== undefined
        : Boolean(elicitation && (elicitation.form || !elicitation.url));
    case "sampling/createMessage": {
      const usesTools = params["tools"] !== undefined || params["toolChoice"] !== undefined;
      return sampling !== undefined && (!usesTools || sampling.tools !== undefined);
    }
    case "roots/list":
      return roots !== undefined;
    default:
      return assertNever(method);
  }
}

function what({ method, params }: InputRequest): string {
  switch (method) {
    case "elicitation/create":
      return isUrl(params) ? "elicitation by URL" : "elicitation by a form";
    case "sampling/createMessage":
      return params["tools"] === undefined ? "sampling" : "sampling with tools";
    case "roots/list":
      return "roots";
    default:
      return assertNever(method);
  }
}

function isUrl(params: Record<string, unknown>): boolean {
  return params["mode"] === "url";
}

function outcomeOf({ method }: InputRequest, { action }: InputResponse): InputOutcome {
  if (method !== "elicitation/create" || action === "accept") return "answered";
  return action === "decline" ? "declined" : "dismissed";
}
