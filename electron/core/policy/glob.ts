/** Globs, matched in time linear in the value: the work per character is bounded by the glob's own length, whatever the two are. */

const ONE = -1;
const RUN = -2;
const DEEP_RUN = -3;
const SLASH = 0x2f;

/** A glob as code points, with negative numbers for its wildcards. */
export type GlobTokens = readonly number[];

const wildcards: Record<string, number> = { "?": ONE, "*": RUN, "**": DEEP_RUN };

/** Reads `?`, `*` and `**`; a longer run of stars is `**`. */
export function parseGlob(glob: string): GlobTokens {
  const tokens = glob.match(/\*+|[^*]/gu) ?? [];
  return tokens.map((token) => wildcards[token.slice(0, 2)] ?? (token.codePointAt(0) as number));
}

/** How many characters of a glob stand for themselves: the more, the more specific it is. */
export function countLiterals(glob: string): number {
  return parseGlob(glob).filter((token) => token >= 0).length;
}

/** A text as code points, so that one character is one element. */
export type Characters = readonly number[];

export function toCharacters(text: string): Characters {
  return Array.from(text, (character) => character.codePointAt(0) as number);
}

/**
 * Matches a whole name: a run of stars stands for any characters, `?` for one.
 *
 * Only the latest star is ever taken up again, since an earlier one can do nothing that it cannot.
 */
export function matchesName(tokens: GlobTokens, name: Characters): boolean {
  let next = 0;
  let at = 0;
  /** The place behind the latest star; 0 while there was none. */
  let resumeToken = 0;
  let resumeAt = 0;
  while (at < name.length) {
    const token = tokens[next];
    if (token === RUN || token === DEEP_RUN) {
      resumeToken = ++next;
      resumeAt = at;
    } else if (token === ONE || token === name[at]) {
      next++;
      at++;
    } else if (resumeToken !== 0) {
      at = ++resumeAt;
      next = resumeToken;
    } else {
      return false;
    }
  }
  while (tokens[next] === RUN || tokens[next] === DEEP_RUN) next++;
  return next === tokens.length;
}

/**
 * Matches a whole value: `*` and `?` stay within one `/` segment, `**` crosses them.
 *
 * All places in the glob that the characters so far can have led to are followed at once.
 */
export function matchesPath(tokens: GlobTokens, value: string): boolean {
  const reached = new Uint8Array(tokens.length + 1);
  reached[0] = 1;
  if (tokens[0] === RUN || tokens[0] === DEEP_RUN) reached[1] = 1;
  for (const character of value) {
    if (!advance(tokens, reached, character.codePointAt(0) as number)) return false;
  }
  return reached[tokens.length] === 1;
}

/** Takes one character: `reached[n]` is 1 where the first n tokens match what was read. @returns whether any place is left. */
function advance(tokens: GlobTokens, reached: Uint8Array, character: number): boolean {
  let before = reached[0];
  let alive = false;
  reached[0] = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    const here = reached[index + 1];
    const inSegment = character !== SLASH && (token === RUN || token === ONE);
    const takes = token === character || token === DEEP_RUN || inSegment;
    const isRun = token === RUN || token === DEEP_RUN;
    const matched = isRun ? reached[index] === 1 || (here === 1 && takes) : before === 1 && takes;
    reached[index + 1] = matched ? 1 : 0;
    alive ||= matched;
    before = here;
  }
  return alive;
}
