import { setTimeout as sleep } from "node:timers/promises";
import { acceptedContent, inputRequired, inputResponse, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { LabState } from "./lab-state.ts";
import { disconnectInput, errorInput, unavailableInput } from "./wire-faults.ts";

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
const duration = z.number().int().min(0).max(600_000);

/** A server that misbehaves on request: one for each connection, all over one state. */
export function createLabServer(state: LabState): McpServer {
  const server = new McpServer(
    { name: "fault-lab", title: "Fault lab", version: "1.0.0" },
    {
      capabilities: { tools: { listChanged: true }, logging: {} },
      instructions:
        "Every tool here fails, waits or changes in a way that its description tells. Nothing real is touched.",
    },
  );
  registerHarmless(server, state);
  registerSlow(server);
  registerFailing(server);
  registerChanging(server, state);
  return server;
}

function registerHarmless(server: McpServer, state: LabState): void {
  server.registerTool(
    "echo",
    {
      title: "Echo",
      description: "Answers with the message it was given.",
      inputSchema: z.object({
        message: z.string().max(1_000_000).default("Hello from the fault lab").describe("What to answer with."),
      }),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ message }) => text(message),
  );
  server.registerTool(
    "stats",
    {
      title: "Statistics",
      description: "Answers with how many calls of each tool have arrived since the fault lab started.",
      outputSchema: z.object({ startedAt: z.string(), calls: z.record(z.string(), z.number()) }),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    () => {
      const structuredContent = { startedAt: state.startedAt.toISOString(), calls: state.calls };
      return { ...text(JSON.stringify(structuredContent, null, 2)), structuredContent };
    },
  );
  server.registerTool(
    "ask",
    {
      title: "Ask",
      description: "Asks the person at the client for a name and a colour (elicitation), then greets them.",
      inputSchema: z.object({
        question: z.string().min(1).max(300).default("Who are you?").describe("What the person is asked."),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ question }, { mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, "person");
      if (answer.kind !== "elicit") {
        const person = inputRequired.elicit({ message: question, requestedSchema: personSchema });
        return inputRequired({ inputRequests: { person } });
      }
      if (answer.action !== "accept") return text(`The person chose to ${answer.action}.`);
      const person = acceptedContent(mcpReq.inputResponses, "person", personSchema);
      if (!person) return { ...text("The answer does not fit the form."), isError: true };
      return text(`Hello ${person.name}, ${person.colour} suits you.`);
    },
  );
}

const personSchema = z.object({
  name: z.string().min(1).max(80).describe("Your name"),
  colour: z.enum(["red", "green", "blue"]).describe("Your favourite colour"),
});

function registerSlow(server: McpServer): void {
  server.registerTool(
    "slow",
    {
      title: "Slow",
      description: "Waits, then answers. Stops waiting when the call is cancelled.",
      inputSchema: z.object({ ms: duration.default(2_000).describe("How long to wait, milliseconds.") }),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ ms }, { mcpReq }) => {
      await sleep(ms, undefined, { signal: mcpReq.signal });
      return text(`Waited ${ms} ms.`);
    },
  );
  server.registerTool(
    "progress",
    {
      title: "Progress",
      description: "Works in steps, reporting progress and writing a log line at each.",
      inputSchema: z.object({
        steps: z.number().int().min(1).max(100).default(5).describe("How many steps."),
        intervalMs: duration.max(10_000).default(500).describe("How long each step takes, milliseconds."),
      }),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ steps, intervalMs }, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (let step = 1; step <= steps; step += 1) {
        await sleep(intervalMs, undefined, { signal: mcpReq.signal });
        const message = `Step ${step} of ${steps}`;
        await mcpReq.log("info", message, "fault-lab");
        if (progressToken === undefined) continue;
        const params = { progressToken, progress: step, total: steps, message };
        await mcpReq.notify({ method: "notifications/progress", params });
      }
      return text(`Done in ${steps} steps.`);
    },
  );
}

/** Three of these are answered on the wire, before they get here; a handler sees them only if their arguments do not fit. */
function registerFailing(server: McpServer): void {
  const readOnly = { readOnlyHint: true, openWorldHint: false };
  const unreached = () => ({ ...text("This should have failed on the wire."), isError: true });
  server.registerTool(
    "error",
    {
      title: "Protocol error",
      description: "Answers with a JSON-RPC error. The connection is fine, so the circuit counts it as a success.",
      inputSchema: errorInput,
      annotations: readOnly,
    },
    unreached,
  );
  server.registerTool(
    "is-error",
    {
      title: "Tool error",
      description: "Answers with a result that is marked isError: the tool ran, and failed.",
      inputSchema: z.object({
        message: z.string().max(500).default("The tool ran and failed.").describe("What the result says."),
      }),
      annotations: readOnly,
    },
    ({ message }) => ({ ...text(message), isError: true }),
  );
  server.registerTool(
    "disconnect",
    {
      title: "Disconnect",
      description:
        "Drops the connection in the middle of the call, without an answer. Not read-only, so never sent again.",
      inputSchema: disconnectInput,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    unreached,
  );
  server.registerTool(
    "unavailable",
    {
      title: "Unavailable",
      description:
        "Answers HTTP 503 with a Retry-After header. Over WebSocket it closes the connection (1013, try again later).",
      inputSchema: unavailableInput,
      annotations: { ...readOnly, idempotentHint: true },
    },
    unreached,
  );
}

function registerChanging(server: McpServer, state: LabState): void {
  const describe = () =>
    `Changes its own description, and tells the client that the list changed. This is description ${state.revision}.`;
  const tool = server.registerTool(
    "change-description",
    {
      title: "Change description",
      description: describe(),
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    () => text(`This is description ${state.changeDescription()} from now on.`),
  );
  server.server.onclose = state.onDescriptionChange(() => tool.update({ description: describe() }));
  server.registerTool(
    "wipe",
    {
      title: "Wipe",
      description: "Pretends to delete everything at a path, and says how often that has happened. Deletes nothing.",
      inputSchema: z.object({
        path: z.string().min(1).max(500).default("/tmp/example").describe("What to pretend to delete."),
      }),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    },
    ({ path }) => text(`Pretended to delete ${path}. Wipe number ${state.wipe()}.`),
  );
}
