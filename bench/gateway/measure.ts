/** Calls to an echo server directly, through our gateway, and through what others run in its place: in one run, in turns. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aimsAgainstReferences, aimsAgainstRivals, aimsOfLibrary, aimsOfStart, type Aim } from "./aims.ts";
import { measureCalls } from "./calls.ts";
import { benchClients } from "./clients.ts";
import { allMetrics, callMetrics, restMetrics, type Metric } from "./figures.ts";
import { measureLibrary } from "./library.ts";
import { allPeers } from "./peers.ts";
import { aimTable, figureTable } from "./report.ts";
import { measureStarts } from "./starts.ts";

export type GatewayOptions = {
  quick: boolean;
  /** Figures, by their ids; all unless named. */
  only?: readonly string[] | undefined;
  /** Ways to the server, by their ids; all unless named. */
  peers?: readonly string[] | undefined;
  /** `lean` or `sdk`; both unless named. */
  clients?: readonly string[] | undefined;
};

const library = "library";

/** @param app the application's folder, built. @throws where an id is unknown, with those that there are */
export async function measureGateway(app: string, rounds: number, options: GatewayOptions): Promise<string> {
  const known = allPeers(app);
  const ids = [...allMetrics.map(({ id }) => id), library];
  check("--only", options.only, ids);
  check(
    "--peers",
    options.peers,
    known.map(({ id }) => id),
  );
  check("--clients", options.clients, Object.keys(benchClients));
  const wants = ({ id }: Pick<Metric, "id">) => options.only?.includes(id) ?? true;
  const peers = known.filter(({ id }) => options.peers?.includes(id) ?? true);
  const scratch = mkdtempSync(join(tmpdir(), "switchgear-bench-"));
  const texts: string[] = [];
  const aims: Aim[] = [];
  try {
    for (const kind of ["lean", "sdk"] as const) {
      if (!callMetrics.some(wants) || options.clients?.includes(kind) === false) continue;
      const client = benchClients[kind];
      process.stderr.write(`  calls with the ${client.name}\n`);
      const sliceMs = options.quick ? 200 : 500;
      const folder = ({ id }: { id: string }) => join(scratch, kind, id);
      const all = await measureCalls(client, peers, { folder, rounds, sliceMs, wants });
      texts.push(figureTable(`Calls with the ${client.name}`, callMetrics.filter(wants), all));
      aims.push(...aimsAgainstRivals({ name: client.name, kind }, all, peers));
      if (kind === "lean") aims.push(...aimsAgainstReferences(all));
    }
    if (Object.values(restMetrics).some(wants)) {
      process.stderr.write("  starts and memory\n");
      const folder = ({ id }: { id: string }, servers: number) => join(scratch, "start", `${id}-${servers}`);
      const stand = peers.filter(({ id }) => id !== "http" && id !== "unjournaled");
      const all = await measureStarts(stand, { folder, rounds, wants });
      texts.push(figureTable("From the start to the list, and at rest", Object.values(restMetrics).filter(wants), all));
      aims.push(...aimsAgainstRivals({ name: "", kind: "lean" }, all, peers), ...aimsOfStart(all));
    }
    if (wants({ id: library })) {
      process.stderr.write("  the library in process\n");
      aims.push(...aimsOfLibrary(await measureLibrary(rounds)));
    }
    if (aims.length > 0) texts.push(aimTable(aims));
    return `${texts.join("\n\n")}\n`;
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

function check(option: string, named: readonly string[] | undefined, known: readonly string[]): void {
  const unknown = named?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`${option} knows no ${unknown.join(", ")}; there are ${known.join(", ")}.`);
}
