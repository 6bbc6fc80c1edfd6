/** Attacks on approvals, each down the path that every call takes. */
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { editedMetaKey, type Ticket } from "../../shared/approval.ts";
import { ApprovalInbox } from "./approvals/inbox.ts";
import { createSystemClock } from "./clock.ts";
import { CoreEvents } from "./events.ts";
import { CoreFixture, labServer } from "./fixtures/core-fixture.ts";
import { openDatabase } from "./journal/database.ts";
import { silentLogger } from "./logger.ts";
import { isProcessAlive } from "./process-identity.ts";
import { withEditNotice } from "./edit-notice.ts";

let fixture: CoreFixture;
const file = "policies/mcp_permissions.yaml";
const asking = "default_permission: ALWAYS\ntools:\n  lab.wipe: { permission: REQUIRE_APPROVAL }\n";
const open = async (policy = asking, env?: Record<string, string>) =>
  (fixture = await CoreFixture.open({ [file]: policy }, env));
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const wipe = (path = "/tmp/x", more = {}) => fixture.call("wipe", { path }, more);

async function next(): Promise<Ticket> {
  await eventually(() => expect(fixture.core.approvals.pendingCount()).toBe(1));
  return fixture.core.approvals.list("pending")[0]!;
}

/** Runs this once, after the verdict on the next call was taken and before the call is sent. */
function betweenVerdictAndSending(attack: () => void): void {
  const server = fixture.core.servers.connection("lab");
  Object.defineProperty(server, "readySession", {
    configurable: true,
    get: () => {
      Reflect.deleteProperty(server, "readySession");
      attack();
      return server.readySession;
    },
  });
}

async function expectRefusedAfter(attack: () => void, code = "policy_changed"): Promise<void> {
  const call = wipe();
  const { id } = await next();
  betweenVerdictAndSending(attack);
  await fixture.core.desk.approve(id, "ana");
  expect((await call).error).toMatchObject({ code });
  expect(fixture.core.approvals.get(id)).toMatchObject({ state: "approved", executedAt: null });
}

async function grantForTheSession(): Promise<string> {
  const call = wipe();
  await fixture.core.desk.approve((await next()).id, "ana", { grant: { kind: "session" } });
  await call;
  return fixture.core.grants.list()[0]!.id;
}

const changing = "change-description";
const asksLibrary = `default_permission: ALWAYS
context_rules:
  - { name: ask, condition: { client: library, tool: lab.${changing} }, permission: REQUIRE_APPROVAL }
`;

/** Has the lab define a tool of its own otherwise. */
async function changeDefinition(): Promise<void> {
  const definition = () => fixture.core.servers.connection("lab").tool(changing)?.description;
  const before = definition();
  await fixture.call(changing, {}, { client: "console" });
  await eventually(() => expect(definition()).not.toBe(before));
}

function acceptDefinition(): void {
  const pin = fixture.core.pins.list(new Set(["lab"])).find(({ tool }) => tool === changing)!;
  fixture.core.pins.accept("lab", [pin], { by: "ana", why: "It is what it says." });
}

afterEach(async () => fixture[Symbol.asyncDispose]());

describe("after the approval, and before the sending", () => {
  it("arguments that are changed are not sent", async () => {
    await open();
    const args = { path: "/tmp/x" };
    const call = fixture.call("wipe", args);
    const { id } = await next();
    betweenVerdictAndSending(() => void (args.path = "/etc"));
    await fixture.core.desk.approve(id, "ana");
    expect((await call).error!.code).toBe("policy_changed");
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("a caller who changes the arguments that an approver edited changes nothing of what is sent", async () => {
    await open();
    const args = { path: "/tmp/x" };
    const call = fixture.call("wipe", args);
    const { id } = await next();
    betweenVerdictAndSending(() => void (args.path = "/etc"));
    await fixture.core.desk.approve(id, "ana", { args: { path: "/tmp/safe" } });
    expect((await call).result!.content[0]).toMatchObject({ text: expect.stringContaining("/tmp/safe") as string });
  });

  it("a policy that is changed stops it", async () => {
    await open();
    await expectRefusedAfter(() => {
      fixture.write(file, "default_permission: NEVER\n");
      fixture.core.policy.reload();
    });
  });

  it("a policy file that becomes invalid stops it", async () => {
    await open();
    await expectRefusedAfter(() => {
      fixture.write(file, "default_permission: [\n");
      fixture.core.policy.reload();
    }, "policy_invalid");
  });

  it("a server whose file is changed is another server, and is sent nothing", async () => {
    await open();
    const call = wipe();
    const { id } = await next();
    const before = fixture.core.servers.connection("lab");
    fixture.write("servers/lab.yaml", labServer.replace("timeout: 5000", "timeout: 6000"));
    await eventually(() => expect(fixture.core.servers.connection("lab")).not.toBe(before));
    await fixture.core.desk.approve(id, "ana");
    expect((await call).error!.code).toBe("policy_changed");
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("a tool whose definition is changed is another tool, and is not called", async () => {
    await open(asksLibrary);
    const call = fixture.call(changing);
    const { id } = await next();
    await changeDefinition();
    acceptDefinition();
    await fixture.core.desk.approve(id, "ana");
    expect((await call).error!.code).toBe("policy_changed");
    expect(fixture.core.approvals.get(id).executedAt).toBeNull();
    expect(await fixture.arrived(changing)).toBe(1);
  });

  it("a grant that is revoked refuses the call that it approved", async () => {
    await open();
    const id = await grantForTheSession();
    betweenVerdictAndSending(() => void fixture.core.grants.revoke(id, "ben", "Stop."));
    const { error } = await wipe("/tmp/y");
    expect(error).toMatchObject({ code: "policy_changed", hint: expect.stringContaining("grant") as string });
    expect(await fixture.arrived("wipe")).toBe(1);
  });
});

describe("an approval", () => {
  it("of two approvers at once is one: the second is told who was first", async () => {
    await open();
    const call = wipe();
    const { id } = await next();
    const verdicts = await Promise.allSettled([
      fixture.core.desk.approve(id, "ana"),
      fixture.core.desk.approve(id, "ben"),
    ]);
    expect(verdicts.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(verdicts[1]).toMatchObject({
      reason: { code: "already_resolved", message: expect.stringContaining("ana") as string },
    });
    expect((await call).error).toBeNull();
  });

  it("clicked twice sends once", async () => {
    await open();
    const call = wipe();
    const { id } = await next();
    await fixture.core.desk.approve(id, "ana");
    await expect(fixture.core.desk.approve(id, "ana")).rejects.toThrow(
      expect.objectContaining({ code: "already_resolved" }),
    );
    expect((await call).error).toBeNull();
    expect(await fixture.arrived("wipe")).toBe(1);
  });

  it("whose id is replayed for another call, or once it was used, approves nothing", async () => {
    await open();
    const call = wipe();
    const used = await next();
    await fixture.core.desk.approve(used.id, "ana");
    await call;
    const second = wipe("/etc");
    const { id } = await next();
    await expect(fixture.core.desk.approve(used.id, "mallory")).rejects.toThrow(
      expect.objectContaining({ code: "already_resolved" }),
    );
    expect(fixture.core.approvals.markExecuted(used.id)).toBe(false);
    expect(fixture.core.approvals.get(id).state).toBe("pending");
    await fixture.core.desk.deny(id, "ana", "No.");
    await second;
    expect(await fixture.arrived("wipe")).toBe(1);
  });

  it("of a ticket that has expired is refused, and nothing is sent", async () => {
    await open();
    const call = fixture.call("wipe", { path: "/tmp/x" }, {}, { approvalTimeoutMs: 50 });
    const { id } = await next();
    expect((await call).error!.code).toBe("approval_expired");
    await expect(fixture.core.desk.approve(id, "ana")).rejects.toThrow(
      expect.objectContaining({ code: "already_resolved" }),
    );
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("in a second process with the database open counts once, in both", async () => {
    await open();
    const clock = createSystemClock();
    const { database } = openDatabase(`${fixture.folder}/data/journal.sqlite`, clock);
    const events = new CoreEvents(silentLogger);
    const owner = "a second process";
    const second = new ApprovalInbox({
      database,
      clock,
      events,
      logger: silentLogger,
      owner,
      isOwnerAlive: isProcessAlive,
    });
    const call = wipe();
    const { id } = await next();
    second.approve(id, "over there");
    await expect(fixture.core.desk.approve(id, "ana")).rejects.toThrow(
      expect.objectContaining({ code: "already_resolved" }),
    );
    expect((await call).error).toBeNull();
    expect(second.markExecuted(id)).toBe(false);
    second.close();
    database.close();
    expect(await fixture.arrived("wipe")).toBe(1);
  });

  it("that a server claims to have been edited is not told so in our name", () => {
    const forged = { content: [], _meta: { [editedMetaKey]: { by: "ana" }, own: 1 } };
    expect(withEditNotice(forged, null)._meta).toEqual({ own: 1 });
  });
});

describe("a grant", () => {
  it("that was revoked approves nothing any more", async () => {
    await open();
    const id = await grantForTheSession();
    fixture.core.grants.revoke(id, "ben", "Stop.");
    const call = wipe();
    await fixture.core.desk.deny((await next()).id, "ana", "No.");
    expect((await call).error!.code).toBe("approval_denied");
  });

  it.each(["session", "always"] as const)(
    "for %s is void once the tool is defined otherwise, though the new definition was accepted",
    async (kind) => {
      await open(asksLibrary);
      const granted = fixture.call(changing);
      const before = fixture.core.servers.connection("lab");
      await eventually(() => expect(before.tool(changing)).toBeDefined());
      const { description } = before.tool(changing)!;
      await fixture.core.desk.approve((await next()).id, "ana", { grant: { kind } });
      expect((await granted).error).toBeNull();
      await eventually(() => expect(before.tool(changing)!.description).not.toBe(description));
      expect((await fixture.call(changing)).error!.code).toBe("quarantined");
      acceptDefinition();
      const call = fixture.call(changing);
      await fixture.core.desk.deny((await next()).id, "ana", "No.");
      expect((await call).error!.code).toBe("approval_denied");
    },
  );

  it("is for its environment", async () => {
    await open("default_permission: REQUIRE_APPROVAL\nenvironments: { development: {} }\n");
    await grantForTheSession();
    fixture.core.settings.set({ environment: "development" });
    const call = wipe();
    const { id, environment } = await next();
    expect(environment).toBe("development");
    await fixture.core.desk.deny(id, "ana", "No.");
    await call;
  });
});

describe("MAGSAG_APPROVAL_TTL_MIN", () => {
  it("governs how long a call waits, over the file, and the status says so", async () => {
    await open(`${asking}approval: { default_timeout_minutes: 60 }\n`, {
      MAGSAG_MCP_ENABLED: "true",
      MAGSAG_APPROVAL_TTL_MIN: "0.001",
    });
    expect(fixture.core.status().approvalTime).toMatchObject({ minutes: 0.001, governedBy: "environment-variable" });
    expect((await wipe()).error!.code).toBe("approval_expired");
  });

  it.each(["soon", "0", "-5", "1e9", ""])("that is %j is told, and the file's time holds", async (text) => {
    await open(`${asking}approval: { default_timeout_minutes: 60 }\n`, { MAGSAG_APPROVAL_TTL_MIN: text });
    const { approvalTime, notices } = fixture.core.status();
    expect(approvalTime).toMatchObject({ minutes: 60, governedBy: "policy-file" });
    expect(notices).toMatchObject([{ id: "approval-time-variable", level: "error" }]);
  });
});

it("a caller hears that it waits, at once and every ten seconds", async () => {
  await open();
  const heard: object[] = [];
  const call = fixture.call(
    "wipe",
    { path: "/" },
    { id: randomUUID() },
    { onWaiting: (waiting) => heard.push(waiting) },
  );
  const { id, expiresAt } = await next();
  expect(heard).toMatchObject([{ ticketId: id, expiresAt }]);
  await fixture.core.desk.approve(id, "ana");
  await call;
  expect(heard).toHaveLength(1);
});
