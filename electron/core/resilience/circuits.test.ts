import { beforeEach, describe, expect, it } from "vitest";
import type { CircuitTransition, CircuitView } from "../../../shared/circuit.ts";
import { MCPTransportError } from "../errors.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import { Circuits } from "./circuits.ts";

const by = { who: "ada", why: "maintenance" };
const call = { invocationId: "call-1" };
const crashed = () => new MCPTransportError("transport_error", "the session closed", { sent: true });
const refused = () => new MCPTransportError("connection_failed", "nobody listens", { sent: false });

let clock: FakeClock;
let circuits: Circuits;
let views: CircuitView[];
let transitions: CircuitTransition[];
let logged: unknown[];
let removed: unknown[];

beforeEach(() => {
  clock = new FakeClock();
  views = [];
  transitions = [];
  logged = [];
  removed = [];
  const logger = { ...silentLogger, error: (message: string) => void logged.push(message) };
  const events = new CoreEvents(logger);
  events.on("circuit.changed", (view) => views.push(view));
  events.on("circuit.removed", (circuit) => removed.push(circuit));
  circuits = new Circuits({ clock, events, logger, onTransition: (transition) => transitions.push(transition) });
});

const succeed = (server: string, tool: string) => circuits.for(server, tool).execute(async () => "answer", call);
const fail = (server: string, tool: string, error = crashed()) =>
  circuits
    .for(server, tool)
    .execute(() => Promise.reject(error), call)
    .catch((thrown: unknown) => thrown);
const kinds = () =>
  Object.fromEntries(circuits.list().map((c) => [c.tool ? `${c.server}.${c.tool}` : c.server, c.state.kind]));

describe("Circuits", () => {
  it("fills settings that are left out with their defaults, and tells of the new circuit", () => {
    circuits.configure("github", { failure_threshold: 3 });
    circuits.configure("postgres");
    const defaults = { success_threshold: 2, timeout_seconds: 60, half_open_max_calls: 1, per_tool: false };
    expect(circuits.view("github", null).settings).toEqual({ failure_threshold: 3, ...defaults });
    expect(circuits.view("postgres", null).settings).toEqual({ failure_threshold: 5, ...defaults });
    expect(views.map(({ server }) => server)).toEqual(["github", "postgres"]);
  });

  it("gives all tools of a server one circuit, and each server its own", async () => {
    circuits.configure("github", { failure_threshold: 2 });
    circuits.configure("postgres", { failure_threshold: 2 });
    await fail("github", "a");
    await fail("github", "b");
    expect(kinds()).toEqual({ github: "open", postgres: "closed" });
    expect(await fail("github", "c")).toMatchObject({ code: "circuit_open" });
    await expect(succeed("postgres", "query")).resolves.toBe("answer");
  });

  it("tells of every visible change, the count of failures included, and of transitions with their cause", async () => {
    circuits.configure("github", { failure_threshold: 2 });
    views = [];
    await fail("github", "a");
    await fail("github", "a");
    expect(views.map(({ state }) => state)).toMatchObject([{ kind: "closed", failures: 1 }, { kind: "open" }]);
    expect(transitions).toMatchObject([{ server: "github", to: "open", cause: { kind: "failures", count: 2 } }]);
  });

  it("does as the operator says and answers with the new view", () => {
    circuits.configure("github");
    expect(circuits.trip("github", null, by).state.kind).toBe("open");
    expect(circuits.probe("github", null, by).state.kind).toBe("half-open");
    expect(circuits.reset("github", null, by).state.kind).toBe("closed");
    expect(transitions.map(({ cause }) => cause)).toEqual(
      ["trip", "probe", "reset"].map((action) => ({ kind: "operator", action, ...by })),
    );
  });

  it("keeps a circuit's state when its settings change", async () => {
    circuits.configure("github", { failure_threshold: 3 });
    await fail("github", "a");
    circuits.configure("github", { failure_threshold: 2 });
    expect(circuits.view("github", null).state).toEqual({ kind: "closed", failures: 1 });
    await fail("github", "a");
    expect(kinds()).toEqual({ github: "open" });
  });

  it("looks at every circuit's time anew on waking", async () => {
    circuits.configure("github", { per_tool: true });
    await succeed("github", "a");
    circuits.trip("github", null, by);
    circuits.trip("github", "a", by);
    const later = clock.now() + 60_000;
    clock.now = () => later;
    circuits.revisit();
    expect(kinds()).toEqual({ github: "half-open", "github.a": "half-open" });
  });

  it("forgets a removed server: late results move and tell nothing", async () => {
    circuits.configure("github", { failure_threshold: 1 });
    const late = circuits.for("github", "a");
    circuits.remove("github");
    views = [];
    await late.execute(() => Promise.reject(crashed()), call).catch(() => {});
    expect([circuits.list(), views, transitions, clock.pending]).toEqual([[], [], [], 0]);
    expect(() => circuits.remove("github")).not.toThrow();
  });

  it("leaves no timer when it is disposed of", () => {
    circuits.configure("github", { per_tool: true });
    circuits.trip("github", null, by);
    circuits.trip("github", "a", by);
    expect(clock.pending).toBe(2);
    circuits[Symbol.dispose]();
    expect(clock.pending).toBe(0);
    expect(circuits.list()).toEqual([]);
  });

  it("refuses a server that is not configured", () => {
    const unknown = expect.objectContaining({
      code: "unknown_server",
      message: expect.stringContaining('"nobody"'),
      hint: expect.stringContaining("servers folder"),
    });
    expect(() => circuits.for("nobody", "a")).toThrow(unknown);
    expect(() => circuits.view("nobody", null)).toThrow(unknown);
    expect(() => circuits.reset("nobody", null, by)).toThrow(unknown);
  });

  it("refuses to act on a tool that has no circuit of its own", () => {
    circuits.configure("github");
    const none = expect.objectContaining({
      code: "not_found",
      message: expect.stringContaining('"github.a"'),
      hint: expect.stringContaining("circuit_breaker.per_tool"),
    });
    expect(() => circuits.trip("github", "a", by)).toThrow(none);
    expect(() => circuits.view("github", "a")).toThrow(none);
  });

  it("lets no call fail because a transition could not be recorded", async () => {
    const events = new CoreEvents(silentLogger);
    const logger = { ...silentLogger, error: (...said: unknown[]) => void logged.push(said) };
    const error = new Error("the journal is locked");
    const onTransition = () => {
      throw error;
    };
    circuits = new Circuits({ clock, events, logger, onTransition });
    circuits.configure("github", { failure_threshold: 1 });
    expect(await fail("github", "a")).toMatchObject({ code: "transport_error" });
    expect(kinds()).toEqual({ github: "open" });
    const transition = expect.objectContaining({ server: "github", to: "open" });
    expect(logged).toEqual([["A circuit's transition could not be recorded.", { transition, error }]]);
  });

  it("tells of an order before it is carried out, and carries out none that is refused for it", () => {
    const orders: unknown[] = [];
    let refusal: Error | null = null;
    const onOrder = (order: object) => {
      orders.push(order);
      if (refusal) throw refusal;
    };
    const logger = silentLogger;
    circuits = new Circuits({ clock, logger, events: new CoreEvents(logger), onTransition: () => {}, onOrder });
    circuits.configure("github", { per_tool: true });
    circuits.trip("github", null, by);
    circuits.probe("github", "a", by);
    expect(orders).toEqual([
      { action: "trip", server: "github", tool: null, from: "closed", ...by },
      { action: "probe", server: "github", tool: "a", from: "closed", ...by },
    ]);
    refusal = new Error("the disk is full");
    expect(() => circuits.reset("github", null, by)).toThrow(refusal);
    expect(kinds()).toEqual({ github: "open", "github.a": "half-open" });
  });
});

describe("Circuits, where tools have circuits of their own", () => {
  beforeEach(() => circuits.configure("github", { per_tool: true, failure_threshold: 2 }));

  it("opens that of the sick tool alone", async () => {
    await succeed("github", "well");
    await fail("github", "sick");
    await fail("github", "sick");
    expect(kinds()).toEqual({ github: "closed", "github.well": "closed", "github.sick": "open" });
    expect(await fail("github", "sick")).toMatchObject({ code: "circuit_open" });
    await expect(succeed("github", "well")).resolves.toBe("answer");
  });

  it("opens the server's, and so holds every tool's calls, where the server cannot be reached", async () => {
    await fail("github", "a", refused());
    await fail("github", "b", refused());
    expect(kinds()).toEqual({ github: "open", "github.a": "closed", "github.b": "closed" });
    expect(await fail("github", "c")).toMatchObject({ code: "circuit_open" });
  });

  it("gives the server's probe place back where the tool's own circuit is open", async () => {
    circuits.trip("github", "sick", by);
    circuits.probe("github", null, by);
    expect(await fail("github", "sick")).toMatchObject({ code: "circuit_open" });
    expect(circuits.view("github", null).state).toEqual({ kind: "half-open", successes: 0, inFlight: 0 });
    await expect(succeed("github", "well")).resolves.toBe("answer");
  });

  it("counts what is no tool's, such as connecting, in the server's alone", async () => {
    await circuits
      .for("github", null)
      .execute(() => Promise.reject(refused()), call)
      .catch(() => {});
    expect(circuits.list()).toMatchObject([{ tool: null, state: { kind: "closed", failures: 1 } }]);
  });

  it("tells of a tool's circuit when it is first called, once", async () => {
    views = [];
    await succeed("github", "a");
    await succeed("github", "a");
    expect(views.map(({ tool }) => tool)).toEqual(["a"]);
  });

  it("changes the settings of each with the server's", async () => {
    await fail("github", "a");
    circuits.configure("github", { per_tool: true, failure_threshold: 9 });
    expect(circuits.view("github", "a")).toMatchObject({ state: { failures: 1 }, settings: { failure_threshold: 9 } });
  });

  it("forgets them when the server's settings ask for one circuit again", async () => {
    circuits.trip("github", "a", by);
    circuits.configure("github", { per_tool: false });
    expect(kinds()).toEqual({ github: "closed" });
    expect(removed).toEqual([{ server: "github", tool: "a" }]);
    expect(clock.pending).toBe(0);
    await expect(succeed("github", "a")).resolves.toBe("answer");
  });
});
