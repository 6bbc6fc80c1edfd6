// Every failure has a class and a stable code. After enough of them the circuit opens, and calls fail at once.
import { AsyncMCPClient, MCPCircuitOpenError, MCPTransportError, TransportType } from "switchgear/client";

const client = new AsyncMCPClient({
  serverName: "down",
  transport: TransportType.HTTP,
  config: { url: "http://127.0.0.1:9/mcp" },
  retryConfig: { max_attempts: 2, base_delay_ms: 20 },
  circuitBreakerConfig: { failure_threshold: 4, timeout_seconds: 30 },
});

try {
  for (let call = 1; call <= 3; call += 1) {
    try {
      await client.invoke({ tool: "echo", args: { message: "anybody there?" } });
    } catch (error) {
      if (error instanceof MCPCircuitOpenError) {
        const seconds = Math.round((error.retryAt - Date.now()) / 1000);
        console.log(`call ${call}: ${error.code}, try again in ${seconds} s`);
      } else if (error instanceof MCPTransportError) {
        console.log(`call ${call}: ${error.code}, sent: ${error.sent}`);
      } else {
        throw error;
      }
    }
  }
  console.log("circuit:", client.getCircuitState().kind);
  client.resetCircuit("The server is repaired.");
  console.log("after the reset:", client.getCircuitState().kind);
} finally {
  await client.close();
}
