import { inert } from "./text.ts";

type Choice = { const?: unknown; title?: string };

/** What the protocol allows in the form of a question. */
export type FieldSchema = {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  oneOf?: Choice[];
  items?: { enum?: unknown[]; anyOf?: Choice[] };
};

/** One field of a form as a line on the terminal. `parse` gives `undefined` for a field that is left out. */
export function readField(name: string, schema: FieldSchema, isRequired: boolean) {
  const { type, title, description, default: preset } = schema;
  const words = [title ?? name, description].filter((each) => each !== undefined && each !== "");
  const choices = choicesOf(schema);
  const notes = [
    choices.length > 0 ? choices.map(String).join(" | ") : type === "boolean" ? "y/n" : (type ?? "text"),
    type === "array" && "separated by commas",
    !isRequired && "optional",
    preset !== undefined && `default ${JSON.stringify(preset)}`,
  ];
  const question = `${inert(words.join(": "), 500)} (${inert(notes.filter(Boolean).join(", "), 500)}): `;
  const parse = (text: string): unknown => (text === "" ? preset : parsed(text, schema));
  return { question, parse };
}

function choicesOf({ enum: values, oneOf, items }: FieldSchema): unknown[] {
  return values ?? oneOf?.map((choice) => choice.const) ?? items?.enum ?? items?.anyOf?.map((each) => each.const) ?? [];
}

/** What cannot be read as the type is left as it is: the schema then says what is wrong with it. */
function parsed(text: string, { type }: FieldSchema): unknown {
  switch (type) {
    case "boolean":
      return /^(y|yes|true)$/i.test(text) ? true : /^(n|no|false)$/i.test(text) ? false : text;
    case "number":
    case "integer":
      return Number.isNaN(Number(text)) ? text : Number(text);
    case "array":
      return text.split(",").map((each) => each.trim());
    default:
      return text;
  }
}
