import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Journal } from "../electron/core/journal/journal.ts";
import { openCore } from "./open-core.ts";
import { largePolicy, teamPolicy } from "./policies.ts";
import { time, type Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const calls = 100_000;

/** A draft of a thousand rules against a journal of a hundred thousand calls. @param app the application's folder. */
export async function measureReplay(app: string, rounds: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "switchgear-bench-"));
  const files = {
    "policies/mcp_permissions.yaml": teamPolicy(["bench.echo"]),
    "servers/bench.yaml": "id: bench\ntransport: http\nurl: http://127.0.0.1:1/mcp\n",
  };
  const core = await openCore(app, folder, files, "on-demand");
  try {
    await fill(core.journal);
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const report = await core.whatIf.replay(largePolicy(), 0, Number.MAX_SAFE_INTEGER);
      if (!report.ok || report.calls !== calls) throw new Error("the replay did not see every call");
      took.push(report.tookMs);
    }
    const name = `policy: replay of ${calls.toLocaleString("en")} calls against 1,001 rules`;
    return [{ name, measured: time(spreadOf(took)), target: "≤ 2 s" }];
  } finally {
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(journal: Journal): Promise<void> {
  for (let index = 0; index < calls; index += 1) {
    const record = journal.begin({
      id: `call-${index}`,
      server: `server${index % 80}`,
      tool: index % 3 === 0 ? "get_item" : "update_item",
      client: "bench",
      environment: "production",
      args: { path: `/srv/area${index % 100}/file.txt`, limit: 10 },
    });
    record.step({ kind: "decided", at: 0, level: "ALWAYS", rule: "default_permission", trace: [] });
    record.finish({ outcome: "ok", result: { content: [{ type: "text", text: "x".repeat(500) }] } });
    if (index % 1_000 === 999) await journal.flush();
  }
}
