import {
  circuitBreakerSettingsSchema,
  type CircuitBreakerSettings,
  type CircuitKind,
  type CircuitTransition,
  type CircuitView,
} from "../../../shared/circuit.ts";
import { MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock, Logger } from "../ports.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { CircuitCall, CircuitStore, CircuitStoreOptions, Operator } from "./circuit-store.ts";

/** What an attempt runs through. */
export type Circuit = { execute<T>(run: () => Promise<T>, call: CircuitCall): Promise<T> };

/** A person's order to a circuit, and what the circuit was when it came. */
export type CircuitOrder = Operator & {
  action: "reset" | "trip" | "probe";
  server: string;
  tool: string | null;
  from: CircuitKind;
};

export type CircuitsOptions = {
  clock: Clock;
  events: CoreEvents;
  logger: Logger;
  /** Where the circuits' state lives; default: in this process. */
  createStore?: ((options: CircuitStoreOptions) => CircuitStore) | undefined;
  /** Hears every transition of every circuit. One that throws is logged and harms no call. */
  onTransition(transition: CircuitTransition): void;
  /** Hears of an order before it is carried out; what it throws refuses the order. */
  onOrder?(order: CircuitOrder): void;
};

type ToolCircuit = { breaker: CircuitBreaker; circuit: Circuit };
type ServerCircuits = {
  settings: CircuitBreakerSettings;
  breaker: CircuitBreaker;
  /** Filled as tools are called; empty unless `per_tool`. */
  tools: Map<string, ToolCircuit>;
};

/**
 * Every circuit: one a server and, where its settings say `per_tool`, one for each of its tools as well. Such a tool's call goes
 * through both: the server's circuit then counts only failures before anything was sent, the tool's the rest.
 */
export class Circuits {
  readonly #options: CircuitsOptions;
  readonly #servers = new Map<string, ServerCircuits>();

  constructor(options: CircuitsOptions) {
    this.#options = options;
  }

  /** Adds a server, or changes its settings at once and keeps its state. What is left out has its default. */
  configure(server: string, partial: Partial<CircuitBreakerSettings> = {}): void {
    const settings = circuitBreakerSettingsSchema.parse(partial);
    const known = this.#servers.get(server);
    if (!known) {
      const breaker = this.#createBreaker(server, null, settings);
      this.#servers.set(server, { settings, breaker, tools: new Map() });
      return this.#options.events.emit("circuit.changed", breaker.view());
    }
    known.settings = settings;
    known.breaker.configure(settings);
    if (!settings.per_tool) this.#retireTools(server, known);
    for (const { breaker } of known.tools.values()) breaker.configure(settings);
  }

  /** Forgets a server's circuits; calls under way end as they will and move nothing. */
  remove(server: string): void {
    const known = this.#servers.get(server);
    if (!known) return;
    this.#servers.delete(server);
    known.breaker[Symbol.dispose]();
    this.#retireTools(server, known);
  }

  /**
   * The circuit that a call of this tool runs through; that of the whole server for `null`, as where it is only connected.
   * @throws MCPClientError `unknown_server` where the server is not configured.
   */
  for(server: string, tool: string | null): Circuit {
    const known = this.#known(server);
    if (tool === null || !known.settings.per_tool) return known.breaker;
    return this.#toolCircuit(server, tool, known).circuit;
  }

  /** Servers in the order in which they were added, each followed by its tools that have been called. */
  list(): CircuitView[] {
    const views: CircuitView[] = [];
    for (const { breaker, tools } of this.#servers.values()) {
      views.push(breaker.view());
      for (const tool of tools.values()) views.push(tool.breaker.view());
    }
    return views;
  }

  /**
   * @param tool `null` for the circuit of the whole server.
   * @throws MCPClientError `unknown_server`, or `not_found` where the tool has no circuit of its own.
   */
  view(server: string, tool: string | null): CircuitView {
    return this.#breaker(server, tool).view();
  }

  /** Closes a circuit. Throws as `view` does. */
  reset(server: string, tool: string | null, by: Operator): CircuitView {
    return this.#order("reset", server, tool, by);
  }

  /** Opens a circuit. Throws as `view` does. */
  trip(server: string, tool: string | null, by: Operator): CircuitView {
    return this.#order("trip", server, tool, by);
  }

  /** Makes a circuit half-open now. Throws as `view` does. */
  probe(server: string, tool: string | null, by: Operator): CircuitView {
    return this.#order("probe", server, tool, by);
  }

  /** Looks at the time anew in every circuit: to be called on waking from sleep. */
  revisit(): void {
    for (const { breaker, tools } of this.#servers.values()) {
      breaker.revisit();
      for (const tool of tools.values()) tool.breaker.revisit();
    }
  }

  /** Ends every timer. */
  [Symbol.dispose](): void {
    for (const server of this.#servers.keys()) this.remove(server);
  }

  #order(action: CircuitOrder["action"], server: string, tool: string | null, by: Operator): CircuitView {
    const breaker = this.#breaker(server, tool);
    this.#options.onOrder?.({ action, server, tool, from: breaker.view().state.kind, ...by });
    breaker[action](by);
    return breaker.view();
  }

  #known(server: string): ServerCircuits {
    const known = this.#servers.get(server);
    if (known) return known;
    throw new MCPClientError("unknown_server", `No server "${server}" is configured, so it has no circuit.`, {
      hint: "Look at the catalog's servers folder.",
    });
  }

  #breaker(server: string, tool: string | null): CircuitBreaker {
    const known = this.#known(server);
    if (tool === null) return known.breaker;
    if (known.settings.per_tool) return this.#toolCircuit(server, tool, known).breaker;
    throw new MCPClientError("not_found", `Tool "${server}.${tool}" has no circuit of its own.`, {
      hint: `Use the circuit of server "${server}", or set circuit_breaker.per_tool in its file.`,
    });
  }

  #toolCircuit(server: string, tool: string, known: ServerCircuits): ToolCircuit {
    const existing = known.tools.get(tool);
    if (existing) return existing;
    const breaker = this.#createBreaker(server, tool, known.settings);
    const circuit: Circuit = {
      execute: (run, call) => known.breaker.execute(() => breaker.execute(run, call), call),
    };
    const created = { breaker, circuit };
    known.tools.set(tool, created);
    this.#options.events.emit("circuit.changed", breaker.view());
    return created;
  }

  #retireTools(server: string, { tools }: ServerCircuits): void {
    const retired = [...tools];
    tools.clear();
    for (const [tool, { breaker }] of retired) {
      breaker[Symbol.dispose]();
      this.#options.events.emit("circuit.removed", { server, tool });
    }
  }

  #createBreaker(server: string, tool: string | null, settings: CircuitBreakerSettings): CircuitBreaker {
    const { clock, events, logger, createStore } = this.#options;
    return new CircuitBreaker({
      ...{ server, tool, settings, clock, createStore },
      onTransition: (transition) => {
        try {
          this.#options.onTransition(transition);
        } catch (error) {
          logger.error("A circuit's transition could not be recorded.", { transition, error });
        }
      },
      onChange: (view) => events.emit("circuit.changed", view),
    });
  }
}
