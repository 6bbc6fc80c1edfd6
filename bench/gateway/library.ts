/** A call by the library in process, session, retries and circuit included, against the same on the bare SDK client. */
import { AsyncMCPClient } from "../../electron/core/client/async-mcp-client.ts";
import { TransportType } from "../../electron/core/client/transport-type.ts";
import type { Spread } from "../statistics.ts";
import { compare } from "../versus.ts";
import { sdkClient } from "./clients.ts";
import { echoServer } from "./running-peer.ts";

/** Ours as a ratio to the bare client's. */
export type LibraryCost = { p50: Spread; perSecond: Spread };

const args = { message: "hello" };

export async function measureLibrary(rounds: number): Promise<LibraryCost> {
  const bare = await sdkClient();
  const library = new AsyncMCPClient({
    serverName: "echo",
    transport: TransportType.STDIO,
    config: { command: process.execPath, args: [echoServer] },
  });
  try {
    await library.initialize();
    const ours = { run: () => library.invoke({ tool: "echo", args }) };
    const theirs = { run: () => bare.callTool({ name: "echo", arguments: args }) };
    const alone = await compare(ours, theirs, { concurrency: 1, rounds, blocks: 10, callsPerBlock: 100 });
    const crowd = await compare(ours, theirs, { concurrency: 64, rounds, blocks: 4, callsPerBlock: 1_000 });
    const { median, least, most } = crowd.timeRatio;
    return { p50: alone.p50Ratio, perSecond: { median: 1 / median, least: 1 / most, most: 1 / least } };
  } finally {
    await library.close();
    await bare.close();
  }
}
