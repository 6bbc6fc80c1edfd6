// An MCP server over stdio that misbehaves as it is told: by steps in its argument (at its start, with no call to answer) or
// in the arguments of a call of `play`, or of `read`, which is the same and says that it only reads.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const say = (text) => process.stdout.write(text) || once(process.stdout, "drain");
const send = (message) => say(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const answer = (id, text) => send({ id, result: { content: [{ type: "text", text: String(text) }] } });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const never = new Promise(() => {});
/** The JSON-RPC methods that came. */
const heard = [];
/** What is ignored of the ways to end it: `EOF` of its input, `TERM`. */
let ignored = [];
const stayAlive = () => void setInterval(() => {}, 1_000);

/** Each step is `{ name: value }`; one that answers `false` is the last to be played. */
const steps = {
  /** Writes text as it is; `$ID` stands for the call's id. */
  raw: (text, { id }) => say(text.replaceAll("$ID", id)),
  answer: (text, { id }) => answer(id, text),
  /** Tells its pid by a progress note: the call is here. */
  arrive: (_, { progressToken }) => note(progressToken, 1),
  /** Progress notes without end, so many milliseconds apart. */
  progress: async (everyMs, { progressToken }) => {
    for (let count = 1; ; count += 1) {
      await note(progressToken, count);
      await pause(everyMs);
    }
  },
  /** An answer that comes a byte at a time and never ends. */
  drip: async (everyMs, { id }) => {
    await say(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`);
    for (;;) {
      await say("x");
      await pause(everyMs);
    }
  },
  /** An answer in one line of so many bytes. */
  fill: async (bytes, { id }) => {
    await say(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`);
    const block = "x".repeat(65_536);
    for (let left = bytes; left > 0; left -= block.length) await say(block);
    await say('"}]}}\n');
  },
  /** An answer that holds so many arrays in one another. */
  nest: (depth, { id }) =>
    say(
      `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":{"deep":${"[".repeat(depth)}${"]".repeat(depth)}}}}\n`,
    ),
  /** So many bytes on stderr, as fast as they are taken. */
  flood: async (bytes) => {
    const line = `${"e".repeat(1_023)}\n`.repeat(64);
    for (let left = bytes; left > 0; left -= line.length) {
      if (!process.stderr.write(line)) await once(process.stderr, "drain");
    }
  },
  complain: (text) => void process.stderr.write(`${text}\n`),
  exit: (code) => {
    process.exitCode = code;
    // What was written before it has to be out.
    process.stdout.write("", () => process.exit());
    return never;
  },
  /** Does not end for these: `EOF` of its input, `TERM`. */
  ignore: (ends) => {
    ignored = ends;
    if (ends.includes("TERM")) process.on("SIGTERM", () => {});
    stayAlive();
  },
  /** Starts a stubborn process that holds the same pipes, and answers with its pid. */
  child: (_, { id }) => {
    const code = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000)';
    return answer(id, spawn(process.execPath, ["-e", code], { stdio: "inherit" }).pid);
  },
  /** Reads no more of its input. */
  deaf: () => {
    input.pause();
    stayAlive();
  },
  /** Answers with the methods that it heard so far. */
  heard: (_, { id }) => answer(id, heard.join(" ")),
  /** What follows is played once: where the file is there already, the call is answered instead. */
  once: async (file, { id }) => {
    if (!existsSync(file)) return writeFileSync(file, "");
    await answer(id, "the second time");
    return false;
  },
};

function note(progressToken, progress) {
  return send({ method: "notifications/progress", params: { progressToken, progress, message: String(process.pid) } });
}

async function play(script, call) {
  for (const step of script) {
    const [[name, value]] = Object.entries(step);
    if ((await steps[name](value, call)) === false) return;
  }
}

const inputSchema = { type: "object" };
const tools = [
  { name: "play", inputSchema },
  { name: "read", inputSchema, annotations: { readOnlyHint: true, idempotentHint: true } },
];
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "faults", version: "1" },
  }),
  "tools/list": () => ({ tools }),
  ping: () => ({}),
};

await play(JSON.parse(process.argv[2] ?? "[]"), {});
/** Calls are played one after the other, so that none writes into another's line. */
let played = Promise.resolve();
const input = createInterface({ input: process.stdin });
input.on("close", () => ignored.includes("EOF") || process.exit());
input.on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  heard.push(method);
  const result = answers[method]?.(params);
  if (result) void send({ id, result });
  if (method !== "tools/call") return;
  const call = { id, progressToken: params._meta?.progressToken };
  played = played.then(() => play(params.arguments.steps, call));
});
