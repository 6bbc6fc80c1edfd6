/** A whole core with the server under test, `sut`, beside a neighbour that is well; it tells what came of a call, and what is left. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { vi } from "vitest";
import type { CircuitBreakerSettings } from "../../shared/circuit.ts";
import type { CallReport } from "../../shared/call.ts";
import type { TimelineStep } from "../../shared/invocation.ts";
import type { ServerConfig } from "../../shared/server.ts";
import { CoreFixture } from "../../electron/core/fixtures/core-fixture.ts";
import type { CallHooks, ToolCall } from "../../electron/core/invoke.ts";
import { descendantsOf, survivorsOf, type Process } from "../fixtures/processes.ts";
import { WatchedClock } from "./watched-clock.ts";

/** What a call's caller, its journal, its circuit and its neighbour saw. */
export type Story = {
  /** `null` where the tool answered. */
  code: string | null;
  message: string;
  text: string | null;
  ms: number;
  /** As the journal has it. */
  outcome: string | null;
  attempts: string[];
  timeline: TimelineStep[];
  /** Consecutive failures that the circuit counts, or its state where it is not closed. */
  circuit: number | "open" | "half-open";
  /** The slowest call of the neighbour meanwhile, milliseconds. */
  neighbourMs: number;
};

/** How slow the neighbour may be while a fault is on and the machine busy, milliseconds; a call of it takes one or two. */
export const neighbourBoundMs = 1_500;

/** What is set of a server file's settings. */
export type Settings = Partial<Omit<Extract<ServerConfig, { transport: "stdio" }>, "transport" | "circuit_breaker">> & {
  transport: ServerConfig["transport"];
  url?: string;
  headers?: Record<string, string>;
  circuit_breaker?: Partial<CircuitBreakerSettings>;
};

/** A stand-in for a server, which this bench closes. */
type Opposite = { openSockets(): number; close(): Promise<void> };

const wireKinds = /^(TCPSocketWrap|TCPServerWrap|TLSWrap|ProcessWrap|PipeWrap)$/;
const wires = () => process.getActiveResourcesInfo().filter((kind) => wireKinds.test(kind)).length;

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 3_000, interval: 10 });

export class FaultBench {
  readonly clock = new WatchedClock();
  readonly fixture: CoreFixture;
  readonly #opposites: Opposite[];
  readonly #wiresBefore: number;
  #watched: Process[] = [];

  private constructor(fixture: CoreFixture, opposites: Opposite[]) {
    this.fixture = fixture;
    this.#opposites = opposites;
    this.#wiresBefore = wires() - opposites.length;
  }

  /** @param settings of `sut`, over a connection that nothing but its calls use. */
  static async open(settings: Settings, ...opposites: Opposite[]): Promise<FaultBench> {
    const sut = { id: "sut", trusted: true, timeout: 5_000, max_retries: 0, keep_alive: 0, ...settings };
    const bench = new FaultBench(CoreFixture.create({ "servers/sut.yaml": JSON.stringify(sut) }), opposites);
    await bench.start();
    return bench;
  }

  get core() {
    return this.fixture.core;
  }

  async start(): Promise<void> {
    await this.fixture.start({ connect: "on-demand" }, { clock: this.clock });
    await this.fixture.call("echo");
  }

  get state() {
    return this.core.servers.list().find(({ id }) => id === "sut")!.connection;
  }

  /** What the server's page shows of it, one line each. */
  log(): string {
    return this.core.servers
      .log("sut")
      .map(({ stream, text }) => `${stream}: ${text}`)
      .join("\n");
  }

  circuit(): Story["circuit"] {
    const { state } = this.core.circuits.view("sut", null);
    return state.kind === "closed" ? state.failures : state.kind;
  }

  /** A call without its story. */
  report(steps: unknown, more: Partial<ToolCall> = {}, hooks: CallHooks = {}): Promise<CallReport> {
    return this.fixture.call("play", { steps }, { server: "sut", ...more }, hooks);
  }

  /** Plays steps at the server under test while the neighbour is called over and over. */
  async play(steps: unknown, more: Partial<ToolCall> = {}, hooks: CallHooks = {}): Promise<Story> {
    const startedAt = performance.now();
    const call = this.report(steps, more, hooks);
    const neighbour = this.#callNeighbourDuring(call);
    const report = await call;
    const ms = performance.now() - startedAt;
    return { ...(await this.#storyOf(report)), ms, neighbourMs: await neighbour };
  }

  /** Remembers the processes that run now, to see that they are gone in the end. */
  async watchProcesses(): Promise<Process[]> {
    const now = await descendantsOf(process.pid);
    this.#watched.push(...now);
    return now;
  }

  /** Closes everything, and fails where a process, a socket or a timer is left. */
  async close(): Promise<void> {
    await this.watchProcesses();
    await this.core.close();
    const open = () => this.#opposites.map((each) => each.openSockets()).filter((count) => count > 0);
    await eventually(() => assert.deepEqual(open(), [], "sockets are left"));
    await Promise.all(this.#opposites.map((each) => each.close()));
    await this.fixture[Symbol.asyncDispose]();
    await eventually(async () => assert.deepEqual(await survivorsOf(this.#watched), [], "processes are left"));
    await eventually(() => assert.equal(this.clock.timers, 0, "timers are left"));
    await eventually(() => assert(wires() <= this.#wiresBefore, "sockets or pipes of this process are left"));
  }

  /** @returns the slowest of its calls, milliseconds. */
  async #callNeighbourDuring(call: Promise<unknown>): Promise<number> {
    const end = new AbortController();
    void call.then(() => end.abort());
    let slowest = 0;
    do {
      const startedAt = performance.now();
      const { error } = await this.fixture.call("echo");
      assert.equal(error, null, "the neighbour failed");
      slowest = Math.max(slowest, performance.now() - startedAt);
      // A load, not a flood: the fault is what is looked at.
      await pause(20, undefined, { signal: end.signal }).catch(() => {});
    } while (!end.signal.aborted);
    return slowest;
  }

  async #storyOf({ invocation, result, error }: CallReport): Promise<Omit<Story, "ms" | "neighbourMs">> {
    const { invocation: row, timeline } = await this.core.journal.get(invocation.id);
    await this.#assertNoSlotTaken(row.id);
    assert.equal(row.phase, "done");
    assert.equal(row.errorCode, error?.code ?? null);
    const [content] = (result?.content ?? []) as { text?: string }[];
    return {
      code: error?.code ?? null,
      message: `${error?.message} ${error?.hint ?? ""}`,
      text: content?.text ?? null,
      outcome: row.outcome,
      attempts: timeline.flatMap((step) => (step.kind === "attempt" ? [step.result] : [])),
      timeline,
      circuit: this.circuit(),
    };
  }

  async #assertNoSlotTaken(id: string): Promise<void> {
    assert.equal(this.core.running.record(id), undefined, "the call is still among those that run");
    const { state } = this.core.circuits.view("sut", null);
    assert(state.kind !== "half-open" || state.inFlight === 0, "the probe's place is still taken");
    const connection = this.core.servers.connection("sut");
    if (connection.state.kind !== "ready") return;
    const session = await connection.session();
    await eventually(() => assert(!session.isBusy, "the session still waits for it"));
  }
}
