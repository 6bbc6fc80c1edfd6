/** The JSON of what nobody changes any more, written once however many need it: for the wire, for its measure, for the journal. */

/** Shorter text is written again faster than it is found. */
const worthKeeping = 4_096;

const texts = new WeakMap<object, string>();

/** The value's JSON. @param value not to be changed from now on by anybody: its text is kept for as long as it lives */
export function writeOnce(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  if (text.length >= worthKeeping) texts.set(value, text);
  return text;
}

/** What `writeOnce` has kept of the value; `undefined` where that is nothing. */
export function knownJson(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? texts.get(value) : undefined;
}

/** The value's JSON, for whoever does not know that it stays as it is. @throws TypeError where it cannot be written */
export function jsonOf(value: object): string {
  return knownJson(value) ?? JSON.stringify(value);
}

/** An object's JSON with one more member, which is not looked for among the others. @param object JSON without spaces */
export function withMember(object: string, key: string, json: string): string {
  const comma = object === "{}" ? "" : ",";
  return `${object.slice(0, -1)}${comma}${JSON.stringify(key)}:${json}}`;
}
