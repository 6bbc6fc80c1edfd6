/** A whole core that tells an OpenTelemetry receiver of its calls. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { CoreFixture } from "./fixtures/core-fixture.ts";

it("a call is told as it is closed, and hands its caller's trace on to the server", async () => {
  const received: string[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push(body);
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const server =
    'id: plain\ntransport: stdio\ncommand: ${node}\nargs: ["${app}/electron/core/transports/fixtures/server.mjs"]\n';
  {
    await using fixture = await CoreFixture.open(
      { "servers/plain.yaml": server },
      { MAGSAG_MCP_ENABLED: "true", OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    );
    expect(() => fixture.core.settings.set({ telemetry: { endpoint: null } })).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT/);
    await fixture.core.servers.connect("plain");
    const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=b" };
    const { result, invocation } = await fixture.call("meta", {}, { server: "plain", trace });
    expect(JSON.parse((result!.content[0] as { text: string }).text)).toMatchObject(trace);
    expect((await fixture.core.journal.get(invocation.id)).timeline[0]).toMatchObject({ trace });
  }
  await new Promise((resolve) => receiver.close(resolve));
  const told = received.join("\n");
  expect(told).toContain('"name":"mcp.call"');
  expect(told).toContain("0af7651916cd43dd8448eb211c80319c");
  expect(told).toContain('"mcp.calls"');
}, 30_000);
