/** What is read and got, as requests down the path. */

import type { OfferCall } from "../invoke.ts";

type By = Omit<OfferCall, "method" | "tool" | "args">;

/** Reads a resource. */
export function readCall({ uri, ...by }: By & { uri: string }): OfferCall<"resources/read"> {
  return { ...by, method: "resources/read", tool: "resources/read", args: { uri } };
}

/** Gets a prompt. @param arguments what it asks for; left out of the request where there is nothing */
export function promptCall({
  name,
  arguments: args = {},
  ...by
}: By & { name: string; arguments?: Record<string, string> | undefined }): OfferCall<"prompts/get"> {
  const given = Object.keys(args).length > 0 && { arguments: args };
  return { ...by, method: "prompts/get", tool: "prompts/get", args: { name, ...given } };
}
