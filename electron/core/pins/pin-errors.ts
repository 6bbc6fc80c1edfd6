import { MCPClientError } from "../errors.ts";

export function neverListed(server: string, tool: string): MCPClientError {
  return new MCPClientError("not_found", `"${server}" has never listed a tool ${JSON.stringify(tool)}.`, {
    hint: "See the Pins page, or run `switchgear pins list`.",
  });
}

export function changedMeanwhile(server: string, tool: string): MCPClientError {
  return new MCPClientError(
    "policy_changed",
    `${server}.${tool} has another definition now than the one that you saw, so nothing was accepted.`,
    { hint: "Look at it again, then accept or block it." },
  );
}
