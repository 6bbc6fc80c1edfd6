// The echo server over stdio, without an SDK.
import { createInterface } from "node:readline";
import { answerTo } from "./echo-tool.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const answer = answerTo(line);
  if (answer !== null) process.stdout.write(`${answer}\n`);
}
