/** The server that the suite tests behind the gateway, on stdio: all that its scenarios name, for clients of both lines. */
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { registerAskingTools, registerInputTools, states } from "./asking-tools.ts";
import { registerChangingTools, registerContentTools } from "./content-tools.ts";
import { registerPrompts, registerResources } from "./prompts-and-resources.ts";

serveStdio(() => {
  const server = new McpServer(
    { name: "conformance-server", version: "1.0.0" },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
        completions: {},
      },
      requestState: { verify: (state, context) => states.verify(state, context) },
    },
  );
  registerContentTools(server);
  registerAskingTools(server);
  registerInputTools(server);
  registerChangingTools(server);
  registerPrompts(server);
  registerResources(server);
  // Who subscribes is remembered by nobody: no resource here ever changes.
  for (const method of ["resources/subscribe", "resources/unsubscribe"] as const) {
    server.server.setRequestHandler(method, () => ({}));
  }
  return server;
});
