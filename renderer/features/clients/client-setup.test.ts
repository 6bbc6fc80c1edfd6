import { describe, expect, it } from "vitest";
import { clientSetups } from "./client-setup.ts";

const bridge = { command: "/opt/node", args: ["/app/cli.js", "bridge", "--port", "7440"], env: { AS_NODE: "1" } };
const setups = clientSetups("http://127.0.0.1:7440/mcp", "sg_1_x", bridge);

describe("clientSetups", () => {
  it.each(setups.filter(({ client }) => client !== "Claude Desktop"))(
    "tells $client where the gateway is and what to send",
    ({ text }) => {
      expect(text).toContain("http://127.0.0.1:7440/mcp");
      expect(text).toContain("Bearer sg_1_x");
    },
  );

  it("writes files as their clients read them", () => {
    const texts = Object.fromEntries(setups.map(({ client, text }) => [client, text]));
    expect(JSON.parse(texts.Cursor!)).toHaveProperty("mcpServers.switchgear.headers.Authorization", "Bearer sg_1_x");
    expect(JSON.parse(texts["Claude Desktop"]!)).toEqual({
      mcpServers: { switchgear: { ...bridge, env: { AS_NODE: "1", SWITCHGEAR_TOKEN: "sg_1_x" } } },
    });
    expect(JSON.parse(texts["VS Code"]!)).toHaveProperty("servers.switchgear.type", "http");
  });
});
