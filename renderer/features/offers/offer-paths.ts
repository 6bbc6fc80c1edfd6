/** Where each thing that servers offer is shown. Names and addresses are any text, so they are escaped. */

export function toolPath({ server, name }: { server: string; name: string }): string {
  return pathTo("/tools", { server, tool: name });
}

/** A resource, whether its server lists it or not. */
export function resourcePath({ server, uri }: { server: string; uri: string }): string {
  return pathTo("/resources", { server, uri });
}

export function templatePath({ server, uriTemplate }: { server: string; uriTemplate: string }): string {
  return pathTo("/resources", { server, template: uriTemplate });
}

export function promptPath({ server, name }: { server: string; name: string }): string {
  return pathTo("/prompts", { server, prompt: name });
}

/** Where what a call asked for is shown: a tool, or what the call's method asks for. */
export function askedPath({ server, tool }: { server: string; tool: string }, args: unknown): string {
  const { uri, name } = typeof args === "object" && args !== null ? (args as Record<string, unknown>) : {};
  if (tool === "resources/read" && typeof uri === "string") return resourcePath({ server, uri });
  if (tool === "prompts/get" && typeof name === "string") return promptPath({ server, name });
  return toolPath({ server, name: tool });
}

function pathTo(screen: string, query: Record<string, string>): string {
  return `${screen}?${new URLSearchParams(query).toString()}`;
}
