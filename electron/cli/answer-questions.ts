/** What a server asks in the middle of a call that was made from the command line: a person at the terminal answers, or nobody. */
import type { InputResponse } from "../../shared/input.ts";
import type { CallerInput } from "../core/inputs/caller-inputs.ts";
import { SchemaValidator } from "../core/schema-validator.ts";
import { readField, type FieldSchema } from "./read-field.ts";
import type { Terminal } from "./terminal.ts";
import { inert } from "./text.ts";

type Form = { properties?: Record<string, FieldSchema>; required?: string[] };

/** How often a form may be filled in until it fits. */
const tries = 3;

/** @param mayAsk `false` where no person is meant to be asked, as with `--json` */
export function answerQuestions(terminal: Terminal, server: string, mayAsk: boolean): CallerInput {
  return {
    capabilities: { elicitation: { form: {}, url: {} } },
    answer: async ({ params }, signal) => {
      const message = typeof params["message"] === "string" ? params["message"] : "";
      terminal.say(`${server} asks: ${inert(message, 4000)}`);
      if (!mayAsk || !terminal.interactive) {
        terminal.say("It was declined: nobody is at the terminal to answer.");
        return { action: "decline" };
      }
      return params["mode"] === "url"
        ? answerByAddress(terminal, String(params["url"]), signal)
        : answerByForm(terminal, params["requestedSchema"] ?? {}, signal);
    },
  };
}

/** Opens nothing: the person does, or does not. */
async function answerByAddress(terminal: Terminal, url: string, signal: AbortSignal): Promise<InputResponse> {
  terminal.say(`It wants you to open this address: ${inert(url, 4000)}`);
  return { action: (await says(terminal, "Have you opened it? [y/N] ", signal)) ? "accept" : "decline" };
}

async function answerByForm(terminal: Terminal, form: Form, signal: AbortSignal): Promise<InputResponse> {
  terminal.say("It gets what you write. Never write a password or a key.");
  if (!(await says(terminal, "Answer? [y/N] ", signal))) return { action: "decline" };
  const fits = new SchemaValidator().getValidator(form);
  for (let count = 0; count < tries; count++) {
    const content = await fillIn(terminal, form, signal);
    const { valid, errorMessage } = fits(content);
    if (valid) return { action: "accept", content };
    terminal.say(`That does not fit: ${errorMessage}`);
  }
  terminal.say("It was put away without an answer.");
  return { action: "cancel" };
}

async function fillIn(terminal: Terminal, { properties = {}, required = [] }: Form, signal: AbortSignal) {
  const content: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const { question, parse } = readField(name, schema, required.includes(name));
    const value = parse((await terminal.ask(question, signal)).trim());
    if (value !== undefined) Object.defineProperty(content, name, { value, enumerable: true });
  }
  return content;
}

async function says(terminal: Terminal, question: string, signal: AbortSignal): Promise<boolean> {
  return ["y", "yes"].includes((await terminal.ask(question, signal)).trim().toLowerCase());
}
