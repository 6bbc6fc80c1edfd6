/** What other clients write for a variable, a question to the person or a folder, in the words of a server file. */

/** Names the secret that stands for a question which the client asks. */
export type NameAsked = (input: string) => string;

export type TranslateContext = {
  nameAsked: NameAsked;
  /** Where the text stands: `args[2]`. */
  setting: string;
  /** Whether `${home}` can stand there. */
  hasPlaceholders: boolean;
  note: (text: string) => void;
};

type Meaning = { kind: "text"; text: string } | { kind: "reference"; reference: string; otherwise: string | null };

const variable = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** @throws Untranslatable where a server file has no words for it. */
export function translateText(text: string, context: TranslateContext): string {
  if (/(?:^|[\s=])secrets:\/\//.test(text)) {
    throw new Untranslatable(`\`${context.setting}\` names a secret of the vault, which another client cannot know`);
  }
  let translated = "";
  let end = 0;
  for (const { 0: whole, 1: body = "", index } of text.matchAll(/\$\{([^}]*)\}/g)) {
    translated += text.slice(end, index);
    end = index + whole.length;
    const meaning = meaningOf(body, context);
    if (meaning.kind === "text") {
      translated += meaning.text;
      continue;
    }
    // A server file's reference is a whole setting, its last word, or what follows its last `=`.
    const canStand = end === text.length && /(?:^|[\s=])$/.test(translated);
    if (meaning.otherwise) {
      context.note(`\`${context.setting}\`: ${whole} became its default, whether the variable is set or not`);
      translated += meaning.otherwise;
    } else if (canStand) translated += meaning.reference;
    else throw new Untranslatable(`\`${context.setting}\` holds ${whole} within other text; write it out`);
  }
  return translated + text.slice(end);
}

/** Words for a person that say why, without a value. */
export class Untranslatable extends Error {}

function meaningOf(body: string, { nameAsked, setting, hasPlaceholders }: TranslateContext): Meaning {
  if (body === "/" || body === "pathSeparator")
    return { kind: "text", text: process.platform === "win32" ? "\\" : "/" };
  if (hasPlaceholders && /^(?:userHome|(?:env:)?HOME)$/.test(body)) return { kind: "text", text: "${home}" };
  if (body.startsWith("input:")) {
    return { kind: "reference", reference: `secrets://${nameAsked(body.slice("input:".length))}`, otherwise: null };
  }
  if (/^workspace|^file|^userHome$/.test(body)) {
    throw new Untranslatable(`\`${setting}\` holds \${${body}}, which only the client knows; write the path out`);
  }
  const [, name, otherwise = null] = variable.exec(body) ?? [];
  if (name === undefined)
    throw new Untranslatable(`\`${setting}\` holds \${${body.slice(0, 40)}}, which is unknown here`);
  return { kind: "reference", reference: `env://${name}`, otherwise };
}
