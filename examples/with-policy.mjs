// With a core, calls take the console's own path: the policy decides, a person approves, the journal records.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ClientManager, MCPRefusedError, openCore } from "switchgear/client";

const data = mkdtempSync(join(tmpdir(), "switchgear-example-"));
const core = await openCore({
  catalog: fileURLToPath(new URL("catalog", import.meta.url)),
  data,
  env: { ...process.env, MAGSAG_MCP_ENABLED: "true" },
});
const manager = new ClientManager({ core });

try {
  const echoed = await manager.call("everything", "echo", { message: "hello" });
  console.log("allowed:", echoed.content[0]);

  await manager.call("everything", "get-env").catch((error) => {
    if (!(error instanceof MCPRefusedError)) throw error;
    console.log("refused:", error.code);
  });

  const waiting = manager.call("everything", "get-sum", { a: 2, b: 3 });
  // Here the program answers for itself; with the console's own folders, a person does so in the console.
  let [ticket] = await core.approvals.list("pending");
  for (; !ticket; [ticket] = await core.approvals.list("pending")) await sleep(20);
  await core.approvals.approve(ticket.id, "example");
  console.log("approved:", (await waiting).content[0]);
} finally {
  await core.close();
  rmSync(data, { recursive: true, force: true });
}
