import { MCPClientError } from "../errors.ts";

/**
 * Plain data as a text that is the same for equal data, whatever the order of its keys, and never for other data.
 * @throws MCPClientError `bad_request` for what is not plain data: a Map, an AbortSignal, a function.
 */
export function plainKey(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : objectKey(value);
    default:
      throw notPlain(value);
  }
}

function objectKey(value: object): string {
  if (Array.isArray(value)) return `[${value.map(plainKey).join(",")}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notPlain(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, item]) => `${JSON.stringify(name)}:${plainKey(item)}`).join(",")}}`;
}

function notPlain(value: unknown): MCPClientError {
  const kind = typeof value === "object" ? (value?.constructor?.name ?? "object") : typeof value;
  return new MCPClientError("bad_request", `The arguments of a cached function must be plain data, not a ${kind}.`, {
    hint: "Leave the argument out, or do not cache the function.",
  });
}
