/** Prompts and resources as the scenarios of the suite name them. */
import {
  acceptedContent,
  completable,
  inputRequired,
  ResourceTemplate,
  type McpServer,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { embedded, image, png, text } from "./content.ts";

const said = (...contents: (ReturnType<typeof text> | ReturnType<typeof embedded> | typeof image)[]) => ({
  messages: contents.map((content) => ({ role: "user" as const, content })),
});
const contextSchema = z.object({ context: z.string() });

export function registerPrompts(server: McpServer): void {
  server.registerPrompt("test_simple_prompt", { description: "Says one thing." }, () =>
    said(text("This is a simple prompt for testing.")),
  );
  const words = ["test", "testimony", "paris", "park", "party"];
  const argument = (description: string) =>
    completable(z.string().describe(description), (value) => words.filter((word) => word.startsWith(value)));
  server.registerPrompt(
    "test_prompt_with_arguments",
    {
      description: "Says what it is given.",
      argsSchema: z.object({ arg1: argument("First test argument"), arg2: argument("Second test argument") }),
    },
    ({ arg1, arg2 }) => said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "Holds a resource.", argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) =>
      said(
        embedded(resourceUri, "text/plain", "Embedded resource content for testing."),
        text("Please process the embedded resource above."),
      ),
  );
  server.registerPrompt("test_prompt_with_image", { description: "Holds an image." }, () =>
    said(image, text("Please analyze the image above.")),
  );
  server.registerPrompt("test_input_required_result_prompt", { description: "Asks first." }, ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_context", contextSchema);
    if (answer) return said(text(`The context is ${answer.context}.`));
    const message = "What context should the prompt use?";
    const user_context = inputRequired.elicit({ message, requestedSchema: contextSchema });
    return inputRequired({ inputRequests: { user_context } });
  });
}

export function registerResources(server: McpServer): void {
  const plain = { description: "A text.", mimeType: "text/plain" };
  const fixed: Record<string, string> = {
    "test://static-text": "This is the content of the static text resource.",
    "test://watched-resource": "This is the content of the watched resource.",
  };
  for (const [uri, value] of Object.entries(fixed)) {
    server.registerResource(uri.replace("test://", ""), uri, plain, () => ({
      contents: [{ uri, mimeType: "text/plain", text: value }],
    }));
  }
  const binary = { description: "An image.", mimeType: "image/png" };
  server.registerResource("static-binary", "test://static-binary", binary, ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: png }],
  }));
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { description: "The data of an id.", mimeType: "application/json" },
    ({ href }, { id }) => {
      const value = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` });
      return { contents: [{ uri: href, mimeType: "application/json", text: value }] };
    },
  );
}
