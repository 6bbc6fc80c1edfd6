import { randomUUID } from "node:crypto";
import type { InputRequest, InputResponse } from "../../../shared/input.ts";
import type { Operator } from "../../../shared/operator.ts";
import type { Question, QuestionAnswer } from "../../../shared/question.ts";
import { MCPClientError, MCPRefusedError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import { SchemaValidator } from "../schema-validator.ts";
import { InputRefusal, invalidParams } from "./input-refusal.ts";

export type QuestionInboxDeps = {
  clock: Clock;
  events: CoreEvents;
  /** Masks secrets in what a window is shown. */
  mask: <T>(value: T) => T;
};

/** The call that a question is about. */
export type AskingCall = { id: string; server: string; tool: string; client: string };

/** What a person said, and at which seat. */
export type Answered = { by: Operator; response: InputResponse };

type Open = { question: Question; schema: Record<string, unknown> | null; resolve: (answered: Answered) => void };

/** Questions of servers that a person answers at the console. They live as long as the calls that wait for them, in this process. */
export class QuestionInbox {
  #deps: QuestionInboxDeps;
  #open = new Map<string, Open>();
  #validator = new SchemaValidator();

  constructor(deps: QuestionInboxDeps) {
    this.#deps = deps;
  }

  /** Oldest first. */
  list(): Question[] {
    return [...this.#open.values()].map(({ question }) => question);
  }

  get count(): number {
    return this.#open.size;
  }

  /** Shows the question until it is answered. @throws InputRefusal where it is none that can be shown; what the signal is aborted with */
  ask({ params }: InputRequest, call: AskingCall, timeoutMs: number, signal: AbortSignal): Promise<Answered> {
    const { clock, mask } = this.#deps;
    const askedAt = clock.wallNow();
    const asks = readAsked(params);
    const { id: invocationId, server, tool, client } = call;
    const message = typeof params["message"] === "string" ? params["message"] : "";
    const question: Question = mask({
      ...{ id: randomUUID(), invocationId, server, tool, client, askedAt, expiresAt: askedAt + timeoutMs },
      ...{ message, asks, state: "open" as const },
    });
    return new Promise<Answered>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        this.#end(question);
        reject(signal.reason as Error);
      };
      const settle = (answered: Answered) => {
        signal.removeEventListener("abort", onAbort);
        this.#end(question);
        resolve(answered);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#open.set(question.id, { question, schema: asks.kind === "form" ? asks.schema : null, resolve: settle });
      this.#tell(question);
    });
  }

  /** The first answer stands. @throws MCPClientError `not_found`; MCPRefusedError `invalid_arguments` where it does not fit the form */
  answer(id: string, answer: QuestionAnswer, by: Operator): void {
    const open = this.#open.get(id);
    if (!open) {
      throw new MCPClientError("not_found", "This question is no longer open.", {
        hint: "It was answered, its server took it back, or its call has ended.",
      });
    }
    const response =
      answer.action === "accept" ? this.#accepted(open, answer.content ?? {}) : { action: answer.action };
    open.resolve({ by, response });
  }

  #accepted({ question, schema }: Open, content: Record<string, unknown>): InputResponse {
    if (!schema) return { action: "accept" };
    const { valid, errorMessage } = this.#validator.getValidator(schema)(content);
    if (valid) return { action: "accept", content };
    throw new MCPRefusedError(
      "invalid_arguments",
      `The answer does not fit the form of ${question.server}: ${errorMessage}`,
      {
        hint: "Correct it; nothing was sent.",
      },
    );
  }

  #end(question: Question): void {
    if (this.#open.delete(question.id)) this.#tell({ ...question, state: "over" });
  }

  #tell(question: Question): void {
    this.#deps.events.emit("question.changed", question);
  }
}

function readAsked({ mode, url, requestedSchema }: InputRequest["params"]): Question["asks"] {
  if (mode === "url") {
    // An address that shows what it is, and that nobody on the way can change.
    if (typeof url === "string" && URL.canParse(url) && new URL(url).protocol === "https:") return { kind: "url", url };
    throw new InputRefusal(invalidParams, "The console shows a person no address but one of https.");
  }
  if (typeof requestedSchema === "object" && requestedSchema !== null) {
    return { kind: "form", schema: requestedSchema as Record<string, unknown> };
  }
  throw new InputRefusal(invalidParams, "The question has no form.");
}
