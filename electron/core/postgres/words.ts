/** Words as PostgreSQL searches them, taken apart as the search of a journal on this machine takes them. */

import type { InvocationFilter } from "../../../shared/invocation.ts";
import { takenApart } from "../journal/call-text.ts";

const mark = /\p{M}/gu;
const word = /[\p{L}\p{N}\p{Co}]+/gu;
/** What PostgreSQL takes: bytes of a word, and places in a text. */
const longestWord = 500;
const lastPlace = 16_383;

/** The words of a call as a `tsvector`: `A` marks those of its names. */
export function searchVector(names: string, text: string): string {
  const places = new Map<string, string[]>();
  let place = 0;
  const add = (each: string, weight: string) => {
    place = Math.min(place + 1, lastPlace);
    const known = places.get(each);
    if (!known) places.set(each, [`${place}${weight}`]);
    // It keeps 256 places of a word.
    else if (known.length < 255) known.push(`${place}${weight}`);
  };
  for (const each of wordsOf(names)) add(each, "A");
  for (const each of wordsOf(text)) add(each, "");
  return [...places].map(([each, at]) => `'${each}':${at.join(",")}`).join(" ");
}

/**
 * The filter's words as a `tsquery`; `null` where it has none. Each word counts from its beginning, all must be there, and what stands in
 * double quotes is meant as it is.
 */
export function searchQuery({ text = "" }: InvocationFilter): string | null {
  const parts = [...text.matchAll(/"([^"]*)"|[^\s"]+/gu)].flatMap(([piece, quoted]) => {
    const words = wordsOf(takenApartWhereUnspaced(quoted ?? piece));
    const last = words.length - 1;
    const lexemes = words.map((each, index) => `'${each}'${quoted === undefined && index === last ? ":*" : ""}`);
    return lexemes.length === 0 ? [] : [`(${lexemes.join(" <-> ")})`];
  });
  return parts.length === 0 ? null : parts.join(" & ");
}

function takenApartWhereUnspaced(text: string): string {
  return /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/u.test(text) ? takenApart(text) : text;
}

function wordsOf(text: string): string[] {
  const plain = text.normalize("NFD").replace(mark, "").toLowerCase();
  return (plain.match(word) ?? []).map((each) => each.slice(0, longestWord));
}
