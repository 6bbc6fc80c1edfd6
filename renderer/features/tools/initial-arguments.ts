/** The arguments that a tool's form starts with: only what its schema states, so that form and JSON show exactly what would be sent. */
import type { JsonSchema } from "./schema-problem.ts";

type Args = Record<string, unknown>;

const maxDepth = 8;

/** Defaults, constants and single choices that are required, and required objects that hold some of these. */
export function initialArguments(schema: JsonSchema): Args {
  const value = initialObject(schema, schema, 0);
  return value ?? {};
}

function initialObject(schema: JsonSchema, root: JsonSchema, depth: number): Args | undefined {
  const resolved = resolve(schema, root);
  const properties = isRecord(resolved) ? resolved["properties"] : undefined;
  if (!isRecord(resolved) || !isRecord(properties) || depth > maxDepth) return undefined;
  const required = Array.isArray(resolved["required"]) ? resolved["required"] : [];
  const entries: [string, unknown][] = [];
  for (const [name, property] of Object.entries(properties)) {
    const value = initialValue(property, root, required.includes(name), depth + 1);
    if (value !== undefined) entries.push([name, value]);
  }
  // `fromEntries` defines, never assigns: a property named `__proto__` stays a plain property.
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function initialValue(property: unknown, root: JsonSchema, required: boolean, depth: number): unknown {
  const schema = resolve(property, root);
  if (!isRecord(schema)) return undefined;
  if (schema["default"] !== undefined) return structuredClone(schema["default"]);
  if (!required) return undefined;
  if (schema["const"] !== undefined) return structuredClone(schema["const"]);
  const choices = schema["enum"];
  if (Array.isArray(choices) && choices.length === 1) return structuredClone(choices[0]);
  return initialObject(schema, root, depth);
}

/** Follows references within the schema; what else stands beside a `$ref` goes before what it points to. */
function resolve(schema: unknown, root: JsonSchema, hops = 0): unknown {
  if (!isRecord(schema) || typeof schema["$ref"] !== "string" || hops > maxDepth) return schema;
  const { $ref, ...beside } = schema;
  const target = resolve(localTarget($ref, root), root, hops + 1);
  return isRecord(target) ? { ...target, ...beside } : beside;
}

function localTarget(ref: string, root: JsonSchema): unknown {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  let at: unknown = root;
  for (const segment of ref.slice(2).split("/")) {
    const key = decodeSegment(segment);
    at = isRecord(at) && key !== undefined && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
