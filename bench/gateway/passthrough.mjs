// Runs @civic/passthrough-mcp-server before a stdio server. Its own program takes HTTP servers alone, so it is started by its library,
// as its README shows, and answers in JSON, which is its best. Takes the library's file, the port and the
// server's program.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [library, port, ...program] = process.argv.slice(2);
const { resolve } = createRequire(library);
/** @param {string} name a module of the SDK that the library itself loads */
const load = (name) => import(pathToFileURL(resolve(`@modelcontextprotocol/sdk/${name}`).replace("cjs", "esm")).href);

// It writes several lines about each call.
console.log = () => {};
const { createHttpPassthroughProxy } = await import(pathToFileURL(library).href);
const { StdioClientTransport } = await load("client/stdio.js");
const { StreamableHTTPServerTransport } = await load("server/streamableHttp.js");

await createHttpPassthroughProxy({
  port: Number(port),
  target: {
    transportType: "custom",
    transportFactory: () => new StdioClientTransport({ command: process.execPath, args: program, stderr: "ignore" }),
  },
  /** @param {object} options */
  transportFactory: (options) => new StreamableHTTPServerTransport({ ...options, enableJsonResponse: true }),
});
