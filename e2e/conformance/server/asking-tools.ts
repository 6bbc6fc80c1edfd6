/** Tools that need something of the client first, as the scenarios of the suite name them; the SDK asks clients of either line. */
import { randomBytes } from "node:crypto";
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type ClientCapabilities,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { text } from "./content.ts";

type Elicited = Parameters<typeof inputRequired.elicit>[0]["requestedSchema"];

/** Where a conversation of several rounds stands. */
type Round = { step: number };

/** Seals what clients carry from round to round. */
export const states = createRequestStateCodec<Round>({ key: randomBytes(32) });

const nameSchema = z.object({ name: z.string() });
const okSchema = z.object({ ok: z.boolean() });
const colorSchema = z.object({ color: z.string() });

const say = (value: string) => ({ content: [text(value)] });
const sample = (prompt: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: text(prompt) }], maxTokens });

export function registerAskingTools(server: McpServer): void {
  server.registerTool(
    "test_sampling",
    { description: "Has the client's model answer.", inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, { mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, "answer");
      if (answer.kind !== "sampling") return inputRequired({ inputRequests: { answer: sample(prompt, 100) } });
      return say(`LLM response: ${JSON.stringify(answer.result.content)}`);
    },
  );
  server.registerTool(
    "test_elicitation",
    { description: "Asks the person.", inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) =>
      elicitOnce(context, message, {
        type: "object",
        properties: {
          username: { type: "string", description: "User's response" },
          email: { type: "string", description: "User's email address" },
        },
        required: ["username", "email"],
      }),
  );
  server.registerTool("test_elicitation_sep1034_defaults", { description: "Asks with defaults." }, (context) =>
    elicitOnce(context, "Please confirm", withDefaults),
  );
  server.registerTool("test_elicitation_sep1330_enums", { description: "Asks for choices." }, (context) =>
    elicitOnce(context, "Please choose", withEnums),
  );
  server.registerTool("test_streaming_elicitation", { description: "Asks the person." }, (context) =>
    elicitOnce(context, "Please confirm", okSchema),
  );
  server.registerTool("test_missing_capability", { description: "Needs sampling." }, ({ mcpReq }) => {
    if (inputResponse(mcpReq.inputResponses, "answer").kind === "sampling") return say("The client can sample.");
    return inputRequired({ inputRequests: { answer: sample("Hello", 10) } });
  });
}

/** The tools of the scenarios about answers that need input. */
export function registerInputTools(server: McpServer): void {
  server.registerTool("test_input_required_result_elicitation", { description: "Asks for a name." }, ({ mcpReq }) => {
    const person = acceptedContent(mcpReq.inputResponses, "user_name", nameSchema);
    if (person) return say(`Hello, ${person.name}!`);
    return inputRequired({ inputRequests: { user_name: askName() } });
  });
  server.registerTool("test_input_required_result_sampling", { description: "Asks the model." }, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "capital_question");
    if (answer.kind === "sampling") return say(JSON.stringify(answer.result.content));
    return inputRequired({ inputRequests: { capital_question: sample("What is the capital of France?", 100) } });
  });
  server.registerTool("test_input_required_result_list_roots", { description: "Asks for roots." }, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "client_roots");
    if (answer.kind === "roots") return say(`Roots: ${answer.roots.map(({ uri }) => uri).join(", ")}`);
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  for (const name of ["test_input_required_result_request_state", "test_input_required_result_tampered_state"]) {
    server.registerTool(name, { description: "Asks, and has its state brought back." }, async ({ mcpReq }) => {
      const state = mcpReq.requestState<Round>();
      if (state && acceptedContent(mcpReq.inputResponses, "confirm", okSchema)) return say("state-ok");
      const confirm = inputRequired.elicit({ message: "Please confirm", requestedSchema: okSchema });
      return inputRequired({ inputRequests: { confirm }, requestState: await states.mint({ step: 1 }) });
    });
  }
  server.registerTool(
    "test_input_required_result_multiple_inputs",
    { description: "Asks the person, the model and for roots." },
    async ({ mcpReq }) => {
      const { inputResponses } = mcpReq;
      const keys = ["user_name", "greeting", "client_roots"];
      if (keys.every((key) => inputResponse(inputResponses, key).kind !== "missing")) return say("All came.");
      return inputRequired({
        inputRequests: {
          user_name: askName(),
          greeting: sample("Generate a greeting", 50),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await states.mint({ step: 1 }),
      });
    },
  );
  server.registerTool(
    "test_input_required_result_multi_round",
    { description: "Asks for a name, then for a color." },
    async ({ mcpReq }) => {
      const step = mcpReq.requestState<Round>()?.step ?? 0;
      const color = acceptedContent(mcpReq.inputResponses, "step2", colorSchema);
      if (step === 2 && color) return say(`The color is ${color.color}.`);
      if (step === 1 && acceptedContent(mcpReq.inputResponses, "step1", nameSchema)) {
        const message = "Step 2: What is your favorite color?";
        const step2 = inputRequired.elicit({ message, requestedSchema: colorSchema });
        return inputRequired({ inputRequests: { step2 }, requestState: await states.mint({ step: 2 }) });
      }
      const step1 = inputRequired.elicit({ message: "Step 1: What is your name?", requestedSchema: nameSchema });
      return inputRequired({ inputRequests: { step1 }, requestState: await states.mint({ step: 1 }) });
    },
  );
  server.registerTool(
    "test_input_required_result_capabilities",
    { description: "Asks for what the client can answer." },
    (context) => {
      const { elicitation, sampling } = capabilitiesOf(server, context);
      const asked = {
        ...(elicitation && { user_name: askName() }),
        ...(sampling && { greeting: sample("Generate a greeting", 50) }),
      };
      const isDone = Object.keys(asked).every(
        (key) => inputResponse(context.mcpReq.inputResponses, key).kind !== "missing",
      );
      return isDone ? say("There is nothing to ask.") : inputRequired({ inputRequests: asked });
    },
  );
}

function askName() {
  return inputRequired.elicit({ message: "What is your name?", requestedSchema: nameSchema });
}

function elicitOnce({ mcpReq }: ServerContext, message: string, requestedSchema: Elicited) {
  const answer = inputResponse(mcpReq.inputResponses, "answer");
  if (answer.kind !== "elicit") {
    return inputRequired({ inputRequests: { answer: inputRequired.elicit({ message, requestedSchema }) } });
  }
  const content = answer.action === "accept" ? answer.content : null;
  return say(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(content)}`);
}

/** With the request, or since the session began. */
function capabilitiesOf(server: McpServer, { mcpReq }: ServerContext): ClientCapabilities {
  const envelope = mcpReq.envelope as Record<string, unknown> | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities() ?? {};
}

const withDefaults: Elicited = {
  type: "object",
  properties: {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
};

const titled = (title: string) => [1, 2, 3].map((number) => ({ const: `value${number}`, title: `${title} ${number}` }));
const withEnums: Elicited = {
  type: "object",
  properties: {
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: { type: "string", oneOf: titled("Option") },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
    titledMulti: { type: "array", items: { anyOf: titled("Choice") } },
  },
};
