import { describe, expect, it, vi } from "vitest";
import { freePort } from "../fixtures/free-port.ts";
import type { Ticket } from "../../../shared/approval.ts";
import { CoreFixture } from "../fixtures/core-fixture.ts";
import { ApiFixture, askingPolicy, readEvents } from "./fixtures/api-fixture.ts";

const nothing = "00000000-0000-4000-8000-000000000000";

describe("the approvals API", () => {
  it("lists and shows what waits, and approves it under the token's name", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    expect(await (await fixture.ask("/v1/tickets")).json()).toEqual({ tickets: [ticket] });
    expect(await (await fixture.ask(`/v1/tickets/${ticket.id}`)).json()).toEqual(ticket);

    const answer = await fixture.post(`/v1/tickets/${ticket.id}/approve`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ state: "approved", verdict: { by: "api:phone" } });
    expect(await call).toMatchObject({ error: null, result: { content: [{ text: "hello" }] } });
    const resolved = (await (await fixture.ask("/v1/tickets?state=resolved")).json()) as { tickets: Ticket[] };
    expect(resolved.tickets).toMatchObject([{ id: ticket.id, executedAt: expect.any(Number) }]);
  });

  it("denies with a reason that the caller reads", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    const answer = await fixture.post(`/v1/tickets/${ticket.id}/deny`, { reason: "Not on a Friday." });
    expect(await answer.json()).toMatchObject({
      state: "denied",
      verdict: { by: "api:phone", reason: "Not on a Friday." },
    });
    expect((await call).error).toMatchObject({
      code: "approval_denied",
      message: expect.stringContaining("Not on a Friday."),
    });
  });

  it("approves with other arguments, which are checked, and are what the server gets", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    const approve = `/v1/tickets/${ticket.id}/approve`;
    const refused = await fixture.post(approve, { args: { message: 5 } });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: "invalid_arguments" } });
    expect(fixture.core.core.approvals.get(ticket.id).state).toBe("pending");

    const answer = await fixture.post(approve, { args: { message: "good day" } });
    expect(await answer.json()).toMatchObject({ state: "approved", edited: { args: { message: "good day" } } });
    expect((await call).result).toMatchObject({ content: [{ text: "good day" }] });
  });

  it("tells that the policy forbids the other arguments, and the call goes on waiting", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    const rule = "{ name: no, condition: { args_match: { message: bad } }, permission: NEVER }";
    fixture.core.core.policy.rewrite((text) => `${text}context_rules: [${rule}]\n`);
    const answer = await fixture.post(`/v1/tickets/${ticket.id}/approve`, { args: { message: "bad" } });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: "policy_denied" } });
    await fixture.post(`/v1/tickets/${ticket.id}/deny`, { reason: "no" });
    expect((await call).error).toMatchObject({ code: "approval_denied" });
  });

  it("grants what follows, lists it, and takes it back under the token's name", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    await fixture.post(`/v1/tickets/${ticket.id}/approve`, { grant: { kind: "time", minutes: 15 } });
    await call;
    expect((await fixture.core.call("echo", { message: "again" })).error).toBeNull();

    const { grants } = (await (await fixture.ask("/v1/grants")).json()) as { grants: { id: string }[] };
    expect(grants).toMatchObject([{ kind: "time", tool: "echo", ticketId: ticket.id, by: "api:phone", uses: 1 }]);
    const revoked = await fixture.post(`/v1/grants/${grants[0]!.id}/revoke`, { reason: "Enough." });
    expect(await revoked.json()).toMatchObject({ state: "revoked", revoked: { by: "api:phone", reason: "Enough." } });
    expect(await (await fixture.ask("/v1/grants")).json()).toEqual({ grants: [] });
    expect(await (await fixture.ask("/v1/grants?state=all")).json()).toMatchObject({ grants: [{ state: "revoked" }] });

    const { ticket: next, call: nextCall } = await fixture.waiting();
    await fixture.post(`/v1/tickets/${next.id}/deny`, { reason: "no" });
    await nextCall;
  });

  it("answers 409 to a second verdict, and says whose was first", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    fixture.core.core.approvals.deny(ticket.id, "console", "no");
    const answer = await fixture.post(`/v1/tickets/${ticket.id}/approve`, {});
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      error: { code: "already_resolved", message: expect.stringContaining("console") },
    });
    await call;
  });

  it.each([
    ["an unknown ticket", 404, `/v1/tickets/${nothing}`, undefined],
    ["a verdict on an unknown ticket", 404, `/v1/tickets/${nothing}/approve`, {}],
    ["a denial without a reason", 400, `/v1/tickets/${nothing}/deny`, {}],
    ["a denial with an empty reason", 400, `/v1/tickets/${nothing}/deny`, { reason: "  " }],
    ["an approval that says what it does not take", 400, `/v1/tickets/${nothing}/approve`, { forever: true }],
    ["arguments that are no object", 400, `/v1/tickets/${nothing}/approve`, { args: [1] }],
    ["a grant that there is not", 400, `/v1/tickets/${nothing}/approve`, { grant: { kind: "forever" } }],
    ["a revocation without a reason", 400, `/v1/grants/${nothing}/revoke`, {}],
    ["a revocation of an unknown grant", 404, `/v1/grants/${nothing}/revoke`, { reason: "Enough." }],
    ["a state that there is not", 400, "/v1/tickets?state=all", undefined],
    ["a parameter that there is not", 400, "/v1/tickets?page=2", undefined],
    ["a path that there is not", 404, "/v2/tickets", undefined],
  ])("refuses %s in words", async (_what, status, path, body) => {
    await using fixture = await ApiFixture.open();
    const answer = body === undefined ? await fixture.ask(path) : await fixture.post(path, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
  });

  it("is closed to whoever has no token of its own", async () => {
    await using fixture = await ApiFixture.open();
    const { token } = fixture.core.core.access.create("gateway", "cursor", "console");
    for (const authorization of ["", `Bearer ${token}`]) {
      const answers = ["/v1/tickets", "/v1/events", "/openapi.json"].map((path) =>
        fixture.ask(path, { headers: { authorization } }),
      );
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401, 401]);
    }
  });
});

describe("the stream of tickets", () => {
  it("begins with what waits, and tells each change", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    const events = readEvents(await fixture.ask("/v1/events"));
    expect((await events.next()).value).toMatchObject({ event: "snapshot", data: { tickets: [{ id: ticket.id }] } });
    await fixture.post(`/v1/tickets/${ticket.id}/approve`);
    expect((await events.next()).value).toMatchObject({ event: "ticket", data: { id: ticket.id, state: "approved" } });
    await call;
    await events.return(undefined);
  });

  it("goes on where a client left off, each ticket once, as it is now", async () => {
    await using fixture = await ApiFixture.open();
    const first = readEvents(await fixture.ask("/v1/events"));
    const { value: seen } = await first.next();
    await first.return(undefined);
    const { ticket, call } = await fixture.waiting();
    await fixture.post(`/v1/tickets/${ticket.id}/approve`);
    await call;
    const again = readEvents(await fixture.ask("/v1/events", { headers: { "last-event-id": seen!.id } }));
    const missed = await again.next();
    expect(missed.value).toMatchObject({
      event: "ticket",
      data: { id: ticket.id, state: "approved", executedAt: expect.any(Number) },
    });
    const { ticket: next, call: nextCall } = await fixture.waiting("wipe", {});
    expect((await again.next()).value).toMatchObject({ event: "ticket", data: { id: next.id, state: "pending" } });
    await fixture.post(`/v1/tickets/${next.id}/deny`, { reason: "no" });
    await nextCall;
    await again.return(undefined);
  });

  it.each(["", "something", "000000000000-7", "-1"])(
    "begins anew where what a client has seen is not known: %j",
    async (id) => {
      await using fixture = await ApiFixture.open();
      const events = readEvents(await fixture.ask("/v1/events", { headers: { "last-event-id": id } }));
      expect((await events.next()).value).toMatchObject({ event: "snapshot", data: { tickets: [] } });
      await events.return(undefined);
    },
  );

  it("ends when its token is revoked, before anything more is told", async () => {
    await using fixture = await ApiFixture.open();
    const events = readEvents(await fixture.ask("/v1/events"));
    await events.next();
    await fixture.core.core.access.revoke(fixture.tokenId, "console");
    const { ticket, call } = await fixture.waiting();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    fixture.core.core.approvals.deny(ticket.id, "console", "no");
    await call;
  });

  it("ends when the endpoint closes", async () => {
    await using fixture = await ApiFixture.open();
    const events = readEvents(await fixture.ask("/v1/events"));
    await events.next();
    const ended = events.next();
    await fixture.api.close();
    expect(await ended).toMatchObject({ done: true });
  });
});

describe("the endpoints of a core", () => {
  it("opens the approvals API when the settings say so, moves it, and closes it", async () => {
    await using fixture = CoreFixture.create({ "policies/mcp_permissions.yaml": askingPolicy });
    await fixture.start({ connect: "on-demand", listen: true });
    const { core } = fixture;
    const state = () => core.endpoints.list().find(({ area }) => area === "approvals-api")!.state;
    expect(state()).toEqual({ state: "off" });

    const where = { enabled: true, address: "127.0.0.1", tls: null };
    const [one, two] = [await freePort(), await freePort()];
    core.settings.set({ approvalsApi: { ...where, port: one } });
    await vi.waitFor(() => expect(state()).toEqual({ state: "listening", url: `http://127.0.0.1:${one}` }));
    core.settings.set({ theme: "dark" });
    core.settings.set({ approvalsApi: { ...where, port: two } });
    await vi.waitFor(() => expect(state()).toEqual({ state: "listening", url: `http://127.0.0.1:${two}` }));
    await expect(fetch(`http://127.0.0.1:${one}/`)).rejects.toThrow();

    core.settings.set({ approvalsApi: { ...where, port: two, address: "0.0.0.0" } });
    await vi.waitFor(() =>
      expect(state()).toMatchObject({ state: "failed", error: { message: expect.stringContaining("without TLS") } }),
    );
    core.settings.set({ approvalsApi: { ...where, port: two, enabled: false } });
    await vi.waitFor(() => expect(state()).toEqual({ state: "off" }));
  });

  it("are not opened by a process that was not told to listen", async () => {
    await using fixture = await CoreFixture.open();
    fixture.core.settings.set({
      approvalsApi: { enabled: true, address: "127.0.0.1", port: await freePort(), tls: null },
    });
    const states = fixture.core.endpoints.list().map(({ state }) => state.state);
    expect(new Set(states)).toEqual(new Set(["off"]));
  });
});
