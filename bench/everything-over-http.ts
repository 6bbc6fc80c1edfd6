import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

export const everythingProgram = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);

/** The server listens wherever its machine has an address: here it listens on loopback, on a free port, and tells which. */
const onLoopback = `
import { Server } from "node:net";
const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, 0, "127.0.0.1", () => process.send(this.address().port));
};
`;

export type EverythingOverHttp = AsyncDisposable & { url: string };

/** The official everything server over streamable HTTP, as a process of its own. */
export async function startEverything(): Promise<EverythingOverHttp> {
  const hook = `data:text/javascript,${encodeURIComponent(onLoopback)}`;
  const child = spawn(process.execPath, ["--import", hook, everythingProgram, "streamableHttp"], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`The everything server exited with code ${code}.`);
  });
  died.catch(() => {});
  const [port] = (await Promise.race([once(child, "message"), died])) as [number];
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}
