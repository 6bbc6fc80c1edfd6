// One manager for many servers: one session each, configured by a `cattackle.toml` file and by an object.
import { fileURLToPath } from "node:url";
import { ClientManager, TransportType } from "switchgear/client";

const manager = await ClientManager.open({
  cattackles: [fileURLToPath(new URL("everything/cattackle.toml", import.meta.url))],
  servers: {
    elsewhere: {
      transport: TransportType.HTTP,
      config: { url: "http://127.0.0.1:9/mcp" },
      retryConfig: { max_attempts: 1 },
    },
  },
});

try {
  console.log("servers:", manager.servers.join(", "));
  const answers = await Promise.allSettled([
    manager.call("everything", "echo", { message: "hello" }),
    manager.call("elsewhere", "echo", { message: "hello" }),
  ]);
  for (const answer of answers) {
    console.log(answer.status === "fulfilled" ? answer.value.content : `${answer.reason.code}: the others go on`);
  }
} finally {
  await manager.closeAllSessions();
}
