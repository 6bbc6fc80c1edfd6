// The least that can stand between: takes messages over HTTP and passes them on over stdio, with ids of its own. No SDK, no session,
// no policy, no journal, no limits. Takes its port, and the server's program, as arguments.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const [port, ...program] = process.argv.slice(2);
const server = spawn(process.execPath, program, { stdio: ["pipe", "pipe", "ignore"] });
/** @type {Map<number, { id: unknown, response: import("node:http").ServerResponse }>} */
const waiting = new Map();
let nextId = 1;

createInterface({ input: server.stdout }).on("line", (line) => {
  const answer = JSON.parse(line);
  const call = waiting.get(answer.id);
  if (!call) return;
  waiting.delete(answer.id);
  const body = JSON.stringify({ ...answer, id: call.id });
  call.response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  call.response.end(body);
});

createServer((request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const message = JSON.parse(Buffer.concat(chunks).toString());
    if (message.id === undefined) {
      response.writeHead(202).end();
    } else {
      waiting.set(nextId, { id: message.id, response });
      message.id = nextId++;
    }
    server.stdin.write(`${JSON.stringify(message)}\n`);
  });
}).listen(Number(port), "127.0.0.1");

// Its server ends with it.
process.on("SIGTERM", () => {
  server.kill();
  process.exit();
});
