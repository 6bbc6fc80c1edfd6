// A server that counts how often each message reached it: tools over stdio, without an SDK. `counts` tells the messages that came more than once.
import { createInterface } from "node:readline";

const inputSchema = { type: "object", properties: { message: { type: "string" } }, required: ["message"] };
const tools = [
  { name: "echo", description: "Says the message again.", inputSchema },
  { name: "keep", description: "Says the message again, once a person approved.", inputSchema },
  { name: "counts", description: "Says what came.", inputSchema: { type: "object" } },
];
/** @type {Map<string, number>} */
const arrived = new Map();

/** @type {Record<string, (params: any) => unknown>} */
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "counting", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools }),
  "tools/call": ({ name, arguments: { message } }) =>
    text(name === "counts" ? counts() : count(`${name} ${message}`, message)),
};

/** @param {string} key @param {string} message */
function count(key, message) {
  arrived.set(key, (arrived.get(key) ?? 0) + 1);
  return message;
}

function counts() {
  const again = [...arrived].filter(([, times]) => times > 1).map(([key]) => key);
  return JSON.stringify({ different: arrived.size, again: again.slice(0, 20), more: again.length });
}

/** @param {string} words */
function text(words) {
  return { content: [{ type: "text", text: words }] };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = answers[method];
  const body = answer ? { result: answer(params) } : { error: { code: -32_601, message: "Method not found" } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
}
