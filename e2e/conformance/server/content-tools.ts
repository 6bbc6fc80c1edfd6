/** Tools that answer at once or tell how far they are, as the scenarios of the suite name them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import { audio, embedded, image, text } from "./content.ts";

const stepMs = 50;

export function registerContentTools(server: McpServer): void {
  const tool = (name: string, description: string, content: Parameters<typeof answer>[0]) =>
    server.registerTool(name, { description }, () => answer(content));

  tool("test_simple_text", "Answers with text.", [text("This is a simple text response for testing.")]);
  tool("test_image_content", "Answers with an image.", [image]);
  tool("test_audio_content", "Answers with audio.", [audio]);
  tool("test_embedded_resource", "Answers with a resource.", [
    embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."),
  ]);
  tool("test_multiple_content_types", "Answers with content of several kinds.", [
    text("Multiple content types test:"),
    image,
    embedded("test://mixed-content-resource", "application/json", JSON.stringify({ test: "data", value: 123 })),
  ]);
  server.registerTool("test_error_handling", { description: "Always fails." }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });

  server.registerTool("test_tool_with_progress", { description: "Tells how far it is." }, async ({ mcpReq }) => {
    for (const progress of [0, 50, 100]) {
      await tellProgress(mcpReq, progress);
      if (progress < 100) await sleep(stepMs);
    }
    return answer([text("Completed with progress.")]);
  });
  server.registerTool("test_tool_with_logging", { description: "Logs what it does." }, async ({ mcpReq }) => {
    for (const line of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      if (line !== "Tool execution started") await sleep(stepMs);
      await mcpReq.log("info", line);
    }
    return answer([text("Completed with logging.")]);
  });
  server.registerTool("test_logging_tool", { description: "Logs one line." }, async ({ mcpReq }) => {
    await mcpReq.log("info", "A line that only those read who asked for it.");
    return answer([text("Logged.")]);
  });
}

/** Tools that change what the server offers. */
export function registerChangingTools(server: McpServer): void {
  const shifting = server.registerTool("test_shifting_tool", { description: "Comes and goes." }, () =>
    answer([text("Here now.")]),
  );
  const prompt = server.registerPrompt("test_shifting_prompt", { description: "Comes and goes." }, () => ({
    messages: [{ role: "user", content: text("Here now.") }],
  }));
  server.registerTool("test_trigger_tool_change", { description: "Changes the list of tools." }, () => {
    toggle(shifting);
    return answer([text("The tools changed.")]);
  });
  server.registerTool("test_trigger_prompt_change", { description: "Changes the list of prompts." }, () => {
    toggle(prompt);
    return answer([text("The prompts changed.")]);
  });
}

function answer(content: (ReturnType<typeof text> | typeof image | typeof audio | ReturnType<typeof embedded>)[]) {
  return { content };
}

function toggle(registered: { enabled: boolean; enable(): void; disable(): void }): void {
  if (registered.enabled) registered.disable();
  else registered.enable();
}

async function tellProgress({ _meta, notify }: ServerContext["mcpReq"], progress: number): Promise<void> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return;
  await notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
}
