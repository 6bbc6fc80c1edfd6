// The echo server over streamable HTTP, without an SDK: JSON answers, no session. Takes its port as the argument.
import { createServer } from "node:http";
import { answerTo } from "./echo-tool.mjs";

const server = createServer((request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const answer = answerTo(Buffer.concat(chunks).toString());
    if (answer === null) response.writeHead(202).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(answer);
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
