/** What a person might type into a tool's form: a value for all that the schema requires. */
export function argumentsFor(inputSchema: Record<string, unknown>): Record<string, unknown> {
  const properties = (inputSchema.properties ?? {}) as Record<string, { type?: unknown }>;
  const required = (inputSchema.required ?? []) as string[];
  return Object.fromEntries(required.map((name) => [name, valueOf(properties[name]?.type)]));
}

function valueOf(type: unknown): unknown {
  if (type === "number" || type === "integer") return 5;
  if (type === "boolean") return true;
  if (type === "array") return [];
  if (type === "object") return {};
  return type === "null" ? null : "text";
}
