import type { ResourceView } from "../../../shared/offer.ts";
import type { PermissionView } from "../../../shared/tool.ts";
import { useToolPreview } from "../../api/use-tools.ts";
import { decidingLine } from "../policy/trace-words.ts";

/** The question that reading a resource would be to the policy. */
export function readQuestion(server: string, uri: string) {
  return { server, tool: "resources/read", args: { uri }, method: "resources/read" } as const;
}

/**
 * What the policy says of reading a resource; `null` until it is known.
 * @param listed as its server lists it, where it does; what is not listed is asked for, which sends nothing
 */
export function useReadPermission(
  server: string,
  uri: string,
  listed: ResourceView | undefined,
): PermissionView | null {
  const preview = useToolPreview(listed || uri === "" ? null : readQuestion(server, uri));
  if (listed) return { ...listed.permission, conditional: false };
  if (!preview.data) return null;
  const { decision } = preview.data;
  if (!decision) return { level: null, rule: "The policy file is invalid.", line: null, conditional: false };
  const { level, rule, trace } = decision;
  return { level, rule, line: decidingLine(trace, rule), conditional: false };
}
