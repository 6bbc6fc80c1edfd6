import type { CircuitView } from "../../shared/circuit.ts";
import type { CallPreview } from "../../shared/call.ts";
import type { WireError } from "../../shared/errors.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import type { ToolView } from "../../shared/tool.ts";
import type { ArgumentCheck } from "./argument-check.ts";
import type { GrantBook } from "./approvals/approval-book.ts";
import { askPolicy } from "./ask-policy.ts";
import { MCPCircuitOpenError, toClientError } from "./errors.ts";
import type { AnyCall } from "./invoke.ts";
import { permissionView } from "./permission-view.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import { assertEnabled, requireTool } from "./preconditions.ts";
import type { AdaptiveTimeouts } from "./resilience/adaptive-timeouts.ts";
import type { Circuits } from "./resilience/circuits.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { KnownTool } from "./servers/tool-list.ts";
import type { SettingsStore } from "./settings-store.ts";

type Parts = {
  settings: SettingsStore;
  policy: PolicyStore;
  pins: ToolPins;
  servers: ServerManager;
  argumentCheck: ArgumentCheck;
  circuits: Circuits;
  adaptive: AdaptiveTimeouts;
  grants: GrantBook;
};

/** The tools as a person browses them: what can be called, and what would happen. Sends nothing. */
export class ToolViews {
  #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Every known tool of every server, with the permission that it has for this client before arguments are known. */
  list(client: string): ToolView[] {
    return this.#parts.servers.tools().map((known) => this.#view(known, client));
  }

  /** What the policy says of a call, and what else stands in its way. */
  preview(call: Omit<AnyCall, "id">): CallPreview {
    const obstacles: WireError[] = [];
    const note = (check: () => void) => {
      try {
        check();
      } catch (error) {
        obstacles.push(toClientError(error).toWire());
      }
    };
    const { settings, servers, circuits, argumentCheck, grants, pins } = this.#parts;
    let decision: PolicyDecision | null = null;
    note(() => assertEnabled(settings));
    note(() => (decision = askPolicy(call, this.#parts)));
    note(() => {
      const tool = requireTool(servers.connection(call.server), call);
      argumentCheck.assertFit(call.server, tool, call.args);
      decision &&= grants.judge(call, settings.environment, decision, () => pins.fingerprint(tool)).decision;
    });
    for (const circuit of circuits.list()) {
      const isInTheWay = circuit.server === call.server && (circuit.tool === null || circuit.tool === call.tool);
      if (isInTheWay) note(() => assertNotOpen(circuit));
    }
    return { decision, obstacles };
  }

  #view({ server, tool, stale }: KnownTool, client: string): ToolView {
    const asked = { server, tool: tool.name, args: {}, client };
    const standing = this.#parts.pins.standing(server, tool.name, tool);
    return {
      server,
      name: tool.name,
      title: tool.title ?? tool.annotations?.title ?? null,
      description: tool.description ?? null,
      inputSchema: tool.inputSchema,
      outputSchema: tool.outputSchema ?? null,
      annotations: tool.annotations ?? {},
      stale,
      standing,
      timeout: this.#parts.adaptive.view(this.#parts.servers.connection(server).config, tool.name),
      permission: permissionView(this.#parts, asked, standing),
    };
  }
}

function assertNotOpen({ server, tool, state }: CircuitView): void {
  if (state.kind !== "open") return;
  throw new MCPCircuitOpenError(
    `The circuit of "${tool === null ? server : `${server}.${tool}`}" is open, so a call would fail at once.`,
    {
      retryAt: state.retryAt,
      hint: "Wait until it is probed, or reset it on the Panel.",
    },
  );
}
