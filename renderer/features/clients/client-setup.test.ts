import { describe, expect, it } from "vitest";
import { clientSetups } from "./client-setup.ts";

const setups = clientSetups("http://127.0.0.1:7440/mcp", "sg_1_x");

describe("clientSetups", () => {
  it.each(setups)("tells $client where the gateway is and what to send", ({ text }) => {
    expect(text).toContain("http://127.0.0.1:7440/mcp");
    expect(text).toContain("Bearer sg_1_x");
  });

  it("writes files as their clients read them", () => {
    const texts = Object.fromEntries(setups.map(({ client, text }) => [client, text]));
    expect(JSON.parse(texts.Cursor!)).toHaveProperty("mcpServers.switchgear.headers.Authorization", "Bearer sg_1_x");
    expect(JSON.parse(texts["VS Code"]!)).toHaveProperty("servers.switchgear.type", "http");
  });
});
