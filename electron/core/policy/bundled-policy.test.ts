import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { PermissionLevel } from "../../../shared/policy.ts";
import { evaluate } from "./evaluate.ts";
import { readPolicy } from "./load.ts";
import { questionOf } from "./policy-fixture.ts";

const path = fileURLToPath(new URL("../../../catalog/policies/mcp_permissions.yaml", import.meta.url));
const read = readPolicy(path);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const { policy } = read;

describe("the bundled policy", () => {
  it.each<[string, string, PermissionLevel]>([
    ["everything", "echo", "ALWAYS"],
    ["everything", "get-sum", "ALWAYS"],
    ["everything", "trigger-long-running-operation", "ALWAYS"],
    ["everything", "get-env", "REQUIRE_APPROVAL"],
    ["everything", "gzip-file-as-resource", "REQUIRE_APPROVAL"],
    ["everything", "trigger-sampling-request", "REQUIRE_APPROVAL"],
    ["filesystem", "list_directory", "ALWAYS"],
    ["filesystem", "directory_tree", "ALWAYS"],
    ["filesystem", "list_allowed_directories", "ALWAYS"],
    ["filesystem", "read_multiple_files", "REQUIRE_APPROVAL"],
    ["filesystem", "write_file", "REQUIRE_APPROVAL"],
    ["filesystem", "edit_file", "REQUIRE_APPROVAL"],
    ["filesystem", "move_file", "REQUIRE_APPROVAL"],
    ["filesystem", "create_directory", "REQUIRE_APPROVAL"],
    ["fault-lab", "slow", "ALWAYS"],
    ["fault-lab-ws", "disconnect", "ALWAYS"],
    ["fault-lab", "wipe", "REQUIRE_APPROVAL"],
    ["fault-lab-ws", "wipe", "REQUIRE_APPROVAL"],
    ["fault-lab", "drop_everything", "NEVER"],
    ["postgres", "query", "REQUIRE_APPROVAL"],
    ["postgres", "drop_table", "NEVER"],
  ])("says of %s.%s: %s", (server, tool, level) => {
    expect(evaluate(policy, questionOf({ server, tool })).level).toBe(level);
  });

  it.each<[Record<string, unknown>, PermissionLevel]>([
    [{ path: "/home/me/notes.md" }, "ALWAYS"],
    [{ path: "/home/me/project/.env" }, "REQUIRE_APPROVAL"],
    [{ path: ".env.local" }, "REQUIRE_APPROVAL"],
    [{ path: "key.pem" }, "REQUIRE_APPROVAL"],
    [{ path: "/home/me/.ssh/id_ed25519" }, "REQUIRE_APPROVAL"],
    [{ path: "/home/me/x/../.ssh/id_ed25519" }, "REQUIRE_APPROVAL"],
    [{}, "REQUIRE_APPROVAL"],
  ])("says of reading the file %j: %s", (args, level) => {
    for (const tool of ["read_file", "read_text_file", "read_media_file"]) {
      expect(evaluate(policy, questionOf({ server: "filesystem", tool, args })).level).toBe(level);
    }
  });

  it("tells the person what they are asked", () => {
    const ask = (server: string, tool: string, args = {}) =>
      evaluate(policy, questionOf({ server, tool, args })).approvalMessage;
    expect(ask("fault-lab", "wipe")).toContain("Wipe the fault lab?");
    expect(ask("filesystem", "read_file", { path: ".env" })).toContain("keys or passwords");
  });
});
