/** What a definition says that it should not: signs for a person to judge, kept few so that each is worth reading. */

import { pinWarningCodes, type PinWarning, type PinWarningCode } from "../../../shared/pin.ts";
import { textsOf, type DefinitionText } from "./definition-texts.ts";
import type { ListedTool } from "./fingerprint.ts";

/**
 * Characters that show nothing. Left out are line breaks and tabs, and the joiners and selectors where writing needs them: inside
 * emoji, and in Arabic and Indic words.
 */
const hidden =
  /(?![\n\r\t])(?!(?<=\p{Emoji})\ufe0f|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d)(?!(?<=[\p{Script=Arab}\p{Script=Deva}\p{Script=Beng}\p{Script=Gujr}\p{Script=Mlym}\p{Script=Sinh}\p{Script=Taml}\p{Script=Telu}])[\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Latin beside letters that are drawn alike. */
const latin = /\p{Script=Latin}/u;
const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]|[\uff21-\uff5a]/u;

/** How a text talks to a model rather than of a tool. Gaps are bounded, so that none takes long on any text. */
const instructions: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|system|all)\b[^.\n]{0,20}\b(?:instructions?|prompts?|rules|messages?|guidelines)\b/i,
  /\b(?:do\s+not|don't|never|without)\s+(?:tell|telling|mention|mentioning|inform|informing|notify|notifying|reveal|revealing|alert|alerting|warn|warning|ask|asking|show|showing)\b[^.\n]{0,30}\b(?:user|human|person|operator|anyone)\b/i,
  /\b(?:hide|conceal|keep)\b[^.\n]{0,30}\bfrom\s+the\s+(?:user|human|person|operator)\b/i,
  /<\s*\/?\s*(?:important|system|instructions?|secret|hidden|admin|critical)\s*>/i,
  /<\|[a-z_]{2,20}\|>|\[\/?INST\]|^\s*(?:system|assistant)\s*:/im,
];

const secretPlaces =
  /(?:~|\$HOME|\/root|\/home\/\w{1,40})\/\.(?:ssh|aws|gnupg|kube)\b|\bid_(?:rsa|ed25519)\b|\/etc\/(?:passwd|shadow)\b|\.cursor\/mcp\.json|claude_desktop_config/i;

const maxExcerpt = 120;

/** What a definition shows by itself, each kind once, at the first place where it stands. */
export function ownWarnings(tool: ListedTool): PinWarning[] {
  const texts = textsOf(tool);
  return [
    first("hidden_characters", texts, (text) => hidden.exec(text)?.index ?? -1),
    first("mixed_scripts", [{ where: "name", text: tool.name }], (text) =>
      latin.test(text) ? text.search(lookalike) : -1,
    ),
    first("instructions", texts, (text) => firstMatch(text, instructions)),
    first("secret_places", texts, (text) => text.search(secretPlaces)),
    remoteReference(tool),
  ].filter((warning) => warning !== null);
}

/** Whether a definition must not be accepted before a person has read it. */
export function isSerious(warnings: readonly PinWarning[]): boolean {
  return warnings.some(({ code }) => pinWarningCodes[code].serious);
}

function first(
  code: PinWarningCode,
  texts: readonly DefinitionText[],
  find: (text: string) => number,
): PinWarning | null {
  for (const { where, text } of texts) {
    const at = find(text);
    if (at >= 0) return { code, where, excerpt: excerptAround(text, at) };
  }
  return null;
}

function firstMatch(text: string, patterns: readonly RegExp[]): number {
  for (const pattern of patterns) {
    const at = text.search(pattern);
    if (at >= 0) return at;
  }
  return -1;
}

/** A `$ref` of a schema that leads out of it. */
function remoteReference({ inputSchema, outputSchema }: ListedTool): PinWarning | null {
  const found = findRemote("inputSchema", inputSchema) ?? findRemote("outputSchema", outputSchema);
  return found && { code: "remote_ref", ...found };
}

function findRemote(where: string, value: unknown): { where: string; excerpt: string } | null {
  if (typeof value !== "object" || value === null) return null;
  for (const [key, child] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${where}[${key}]` : `${where}.${key}`;
    const isReference = key === "$ref" || key === "$dynamicRef" || key === "$recursiveRef";
    if (isReference && typeof child === "string" && /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(child)) {
      return { where: place, excerpt: excerptAround(child, 0) };
    }
    const found = findRemote(place, child);
    if (found) return found;
  }
  return null;
}

/** A little of what stands before the place, and then as much as fits. */
function excerptAround(text: string, at: number): string {
  const from = Math.max(0, at - 30);
  // Never half of a surrogate pair.
  const cut = text.slice(from, from + maxExcerpt).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
  return `${from > 0 ? "…" : ""}${cut}${from + maxExcerpt < text.length ? "…" : ""}`;
}
