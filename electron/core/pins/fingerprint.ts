import canonicalize from "canonicalize";
import { createHash } from "node:crypto";

/** A tool as a server describes it; what else it says is not part of its definition. */
export type ListedTool = {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  inputSchema: object;
  outputSchema?: object | undefined;
  annotations?: object | undefined;
};

/** The definition of a tool as canonical JSON (RFC 8785): the order of properties is no difference, an invisible character is. */
export function definitionJson(tool: ListedTool): string {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const definition = { name, title, description, inputSchema, outputSchema, annotations };
  try {
    return canonicalize(definition)!;
  } catch {
    // Half of a surrogate pair, or a number that is none: there is no canonical form, so every difference counts.
    return JSON.stringify(definition);
  }
}

/** SHA-256, hex, of a definition's canonical JSON. */
export function fingerprintOf(json: string): string {
  return createHash("sha256").update(json).digest("hex");
}

export function toolFingerprint(tool: ListedTool): string {
  return fingerprintOf(definitionJson(tool));
}
