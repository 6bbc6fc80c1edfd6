/** What a person sends who fills in a form no further than it must be: the defaults stand, and the rest of what is required has a value. */
export function argumentsFor(schema: Record<string, unknown>): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, { type?: unknown; default?: unknown }>;
  const required = (schema.required ?? []) as string[];
  const preset = Object.entries(properties).filter(([, property]) => property.default !== undefined);
  return {
    ...Object.fromEntries(required.map((name) => [name, valueOf(properties[name]?.type)])),
    ...Object.fromEntries(preset.map(([name, property]) => [name, property.default])),
  };
}

function valueOf(type: unknown): unknown {
  if (type === "number" || type === "integer") return 5;
  if (type === "boolean") return true;
  if (type === "array") return [];
  if (type === "object") return {};
  return type === "null" ? null : "text";
}
