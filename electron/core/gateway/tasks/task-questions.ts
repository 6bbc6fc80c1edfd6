import type { InputRequest, InputResponse } from "../../../../shared/input.ts";

export type TaskQuestion = {
  /** Another for each question of a task. */
  key: string;
  /** The server that asks. */
  asker: string;
  request: InputRequest;
  /** Aborted where the server does not wait any more. */
  signal: AbortSignal;
  /** Whether the client has it before it, where it is asked by a request. */
  isAsked: boolean;
  answer(response: InputResponse): void;
  refuse(error: Error): void;
};

/** What a task asks the client that made it, until that answers. */
export class TaskQuestions {
  #open = new Map<string, TaskQuestion>();
  #onChange: () => void;
  #count = 0;

  /** @param onChange hears that there is one more, or one less */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get open(): TaskQuestion[] {
    return [...this.#open.values()];
  }

  /** @throws what the signal is aborted with, or what the client refuses it with */
  ask(asker: string, request: InputRequest, signal: AbortSignal): Promise<InputResponse> {
    const key = `input-${(this.#count += 1)}`;
    return new Promise<InputResponse>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const over = () => {
        signal.removeEventListener("abort", onAbort);
        if (this.#open.delete(key)) this.#onChange();
      };
      const onAbort = () => refuse(signal.reason as Error);
      const answer = (response: InputResponse) => {
        over();
        resolve(response);
      };
      const refuse = (error: Error) => {
        over();
        reject(error);
      };
      signal.addEventListener("abort", onAbort);
      this.#open.set(key, { key, asker, request, signal, isAsked: false, answer, refuse });
      this.#onChange();
    });
  }

  /** It can be asked anew: whoever was being asked has gone. */
  giveBack(question: TaskQuestion): void {
    question.isAsked = false;
    this.#onChange();
  }

  /** Lets go of what was not asked, or is answered already. */
  answer(responses: Record<string, InputResponse>): void {
    for (const [key, response] of Object.entries(responses)) this.#open.get(key)?.answer(response);
  }
}
