import { fileURLToPath } from "node:url";

/** The settings of a server that is `stdio-server.mjs`; `steps` are played at its start. */
export function stdioServer(steps: readonly object[] = []) {
  const program = fileURLToPath(new URL("./stdio-server.mjs", import.meta.url));
  return { transport: "stdio" as const, command: "${node}", args: [program, JSON.stringify(steps)] };
}
