import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { CoreFixture } from "../core/fixtures/core-fixture.ts";
import { TicketNotices, ticketNotice, type DesktopNotice, type TicketNoticesDeps } from "./ticket-notices.ts";

type Shown = DesktopNotice & { isGone: boolean };

async function scene(change: Partial<TicketNoticesDeps> = {}) {
  const fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": "default_permission: REQUIRE_APPROVAL\n" });
  const shown: Shown[] = [];
  const opened: string[] = [];
  const notices = new TicketNotices({
    core: fixture.core,
    show: (notice) => {
      const entry = { ...notice, isGone: false };
      shown.push(entry);
      return { [Symbol.dispose]: () => void (entry.isGone = true) };
    },
    offersActions: true,
    isWatched: () => false,
    openScreen: (route) => void opened.push(route),
    mask: (value) => value,
    ...change,
  });
  onTestFinished(async () => {
    notices[Symbol.dispose]();
    await fixture[Symbol.asyncDispose]();
  });
  const ask = async (tool = "echo", args: Record<string, unknown> = { message: "hi" }) => {
    const before = pending().length;
    const report = fixture.call(tool, args, { id: randomUUID() });
    await vi.waitFor(() => expect(pending()).toHaveLength(before + 1), { timeout: 10_000 });
    return { report, ticket: pending().at(-1)! };
  };
  const pending = () => fixture.core.approvals.list("pending");
  return { fixture, core: fixture.core, shown, opened, ask, pending };
}

it("tells a call that waits, and Approve sends it once, recorded as given at the console", async () => {
  const { shown, ask, core } = await scene();
  const { report, ticket } = await ask();
  expect(shown).toMatchObject([
    { title: "library waits for you", text: 'lab.echo {"message":"hi"}', actions: ["approve", "deny"] },
  ]);
  shown[0]!.onAction("approve");
  expect(await report).toMatchObject({ invocation: { outcome: "ok" } });
  expect(core.approvals.get(ticket.id)).toMatchObject({ state: "approved", verdict: { by: "console" } });
  expect(shown[0]!.isGone).toBe(true);
});

it("Deny gives the caller a reason", async () => {
  const { shown, ask, core } = await scene();
  const { report, ticket } = await ask();
  shown[0]!.onAction("deny");
  await report;
  expect(core.approvals.get(ticket.id)).toMatchObject({
    state: "denied",
    verdict: { reason: "Denied from the desktop notification." },
  });
});

it("an approval that comes after the policy changed is refused by the path, as from the window", async () => {
  const { fixture, shown, ask, core } = await scene();
  const { report } = await ask();
  fixture.write("policies/mcp_permissions.yaml", "default_permission: NEVER\n");
  await vi.waitFor(() => expect(core.policy.file()?.default_permission).toBe("NEVER"), { timeout: 10_000 });
  shown[0]!.onAction("approve");
  expect((await report).invocation.outcome).toBe("refused");
  fixture.write("policies/mcp_permissions.yaml", "default_permission: ALWAYS\n");
  await vi.waitFor(() => expect(core.policy.file()?.default_permission).toBe("ALWAYS"), { timeout: 10_000 });
  expect(await fixture.arrived("echo")).toBe(0);
});

it("an action on a call that was decided meanwhile opens it, and decides nothing", async () => {
  const { shown, ask, core, opened } = await scene();
  const { report, ticket } = await ask();
  await core.desk.deny(ticket.id, "console", "No.");
  await report;
  expect(shown[0]!.isGone).toBe(true);
  shown[0]!.onAction("approve");
  await vi.waitFor(() => expect(opened).toEqual([`/approvals?ticket=${ticket.id}`]));
  expect(core.approvals.get(ticket.id).state).toBe("denied");
});

it("a click opens the call", async () => {
  const { shown, ask, opened, pending } = await scene();
  const { ticket } = await ask();
  shown[0]!.onClick();
  expect(opened).toEqual([`/approvals?ticket=${ticket.id}`]);
  expect(pending()).toHaveLength(1);
});

it("tells more than three as one, which leads to the inbox", async () => {
  const { shown, ask, opened } = await scene();
  for (let count = 0; count < 5; count += 1) await ask();
  expect(shown.map(({ title }) => title)).toEqual([
    ...Array.from({ length: 3 }, () => "library waits for you"),
    "4 calls wait for you",
    "5 calls wait for you",
  ]);
  expect(shown.map(({ isGone }) => isGone)).toEqual([true, true, true, true, false]);
  expect(shown[4]!.actions).toEqual([]);
  shown[4]!.onClick();
  expect(opened).toEqual(["/approvals"]);
});

it("is quiet while somebody looks at the console, and where the settings say so", async () => {
  const watched = await scene({ isWatched: () => true });
  await watched.ask();
  expect(watched.shown).toEqual([]);
  const off = await scene();
  off.core.settings.set({ desktop: { keepRunning: false, notifyWaiting: false } });
  await off.ask();
  expect(off.shown).toEqual([]);
});

const calm: Ticket = {
  ...{ id: "t", invocationId: "i", state: "pending", server: "github", tool: "merge_pr", args: { id: 7 } },
  ...{
    hash: "00",
    fingerprint: "f",
    client: "cursor",
    environment: "production",
    approvalMessage: null,
    rule: "default",
  },
  ...{ trace: [], requestedAt: 0, expiresAt: 1, destructiveHint: false, unusual: [], edited: null, grantId: null },
  ...{ verdict: null, executedAt: null, escalatedAt: null },
};
const actionsOf = (change: Partial<Ticket>, more: { offersActions?: boolean; mask?: TicketNoticesDeps["mask"] } = {}) =>
  ticketNotice({ ...calm, ...change }, { offersActions: true, mask: (value) => value, ...more }).actions;

it("offers a verdict where the call is ordinary and can be read whole", () => {
  expect(actionsOf({})).toEqual(["approve", "deny"]);
  expect(actionsOf({ destructiveHint: null })).toEqual(["approve", "deny"]);
});

it.each<[string, Partial<Ticket>]>([
  ["its server calls it destructive", { destructiveHint: true }],
  ["an argument is of a new kind", { unusual: [{ kind: "shape", path: "force" }] }],
  ["an argument leads elsewhere", { unusual: [{ kind: "place", path: "path" }] }],
  ["the tool's name hides characters", { tool: "merge\u200B_pr" }],
  ["the arguments hide characters", { args: { path: "/srv/\u202Etxt.exe" } }],
  ["the arguments are too long to be read there", { args: { text: "x".repeat(200) } }],
  ["the tool's name is too long to be read there", { tool: "x".repeat(100) }],
  ["it does not wait any more", { state: "expired" }],
])("leaves the verdict to the window where %s", (_why, change) => {
  expect(actionsOf(change)).toEqual([]);
});

it("offers nothing but a click where the desktop has no buttons", () => {
  expect(actionsOf({}, { offersActions: false })).toEqual([]);
});

it("masks secrets, and makes names fit to stand on a desktop", () => {
  const mask = <T>(value: T) => JSON.parse(JSON.stringify(value).replace("hunter2", "••••")) as T;
  const change = { client: "evil\nclient", args: { token: "hunter2" } };
  const { title, text } = ticketNotice({ ...calm, ...change }, { offersActions: true, mask });
  expect(title).toBe("evil client waits for you");
  expect(text).toBe('github.merge_pr {"token":"••••"}');
});
