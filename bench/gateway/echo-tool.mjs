// What the echo servers answer: one tool, and as little work as there can be, so that what is measured is what stands before them.

const tool = {
  name: "echo",
  description: "Says the message again.",
  inputSchema: { type: "object", properties: { message: { type: "string" } }, required: ["message"] },
};
/** @type {Record<string, (params: any) => unknown>} */
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "echo", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools: [tool] }),
  "tools/call": ({ arguments: { message } }) => ({ content: [{ type: "text", text: message }] }),
};

/**
 * @param {string} text a message
 * @returns {string | null} its answer; `null` where none is due
 */
export function answerTo(text) {
  const { id, method, params } = JSON.parse(text);
  if (id === undefined) return null;
  const answer = answers[method];
  const body = answer ? { result: answer(params) } : { error: { code: -32_601, message: "Method not found" } };
  return JSON.stringify({ jsonrpc: "2.0", id, ...body });
}
