import { join } from "node:path";
import type {
  ApprovalsApiSettings,
  BridgeCommand,
  EndpointView,
  GatewaySettings,
  MetricsSettings,
} from "../../shared/endpoint.ts";
import { openApprovalsApi } from "./approvals-api/approvals-api.ts";
import type { CoreEvents } from "./events.ts";
import { openGateway } from "./gateway/gateway.ts";
import type { AppStatus } from "../../shared/status.ts";
import type { AccessTokens } from "./http/access-tokens.ts";
import { HostedEndpoint, type Opened } from "./http/hosted-endpoint.ts";
import type { Pages } from "./http/pages.ts";
import type { Invoke } from "./invoke.ts";
import type { Offers } from "./offers/offers.ts";
import type { Approvals } from "./open-approvals.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import type { Clock, Logger, Ports } from "./ports.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { Circuits } from "./resilience/circuits.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { SettingsStore } from "./settings-store.ts";

export type EndpointsDeps = Approvals & {
  clock: Clock;
  logger: Logger;
  events: CoreEvents;
  settings: SettingsStore;
  servers: ServerManager;
  pins: ToolPins;
  offers: Offers;
  circuits: Circuits;
  status: () => AppStatus;
  invoke: Invoke;
  access: AccessTokens;
  redactor: Redactor;
  version: string;
  ports: Pick<Ports, "nodeRuntime" | "paths">;
  /** Whether this process listens at all: one among several on the same data folder does. */
  listen: boolean;
};

/** What others reach over HTTP, as the settings have it. */
export class Endpoints {
  #deps: EndpointsDeps;
  #approvalsApi: HostedEndpoint<ApprovalsApiSettings>;
  #gateway: HostedEndpoint<GatewaySettings>;
  #metrics: HostedEndpoint<MetricsSettings>;
  /** What this process was told, in the place of the settings. */
  #gatewayOrder: GatewaySettings | null = null;
  #pages: Pages | null = null;
  #subscription: Disposable;

  constructor(deps: EndpointsDeps) {
    this.#deps = deps;
    const { events, logger, access: tokens, redactor } = deps;
    const mask = <T>(value: T): T => redactor.value(value);
    this.#approvalsApi = new HostedEndpoint({
      ...{ area: "approvals-api", events, logger },
      open: ({ enabled, ...where }) => (enabled ? openApprovalsApi(where, { ...deps, tokens, mask }) : null),
    });
    this.#gateway = new HostedEndpoint({
      ...{ area: "gateway", events, logger },
      open: ({ enabled, port }) =>
        enabled ? openGateway({ port }, { ...deps, tokens, pages: () => this.#pages }) : null,
    });
    this.#metrics = new HostedEndpoint({
      ...{ area: "metrics", events, logger },
      open: ({ enabled, port }) => (enabled ? this.#openMetrics(port) : null),
    });
    this.#subscription = events.on("settings.changed", () => void this.apply());
  }

  list(): EndpointView[] {
    return [this.#approvalsApi.view(), this.#gateway.view(), this.#metrics.view()];
  }

  /** Makes the endpoints what the settings say; one that cannot be opened says so and keeps nothing else from running. */
  async apply(): Promise<void> {
    const { listen, settings } = this.#deps;
    if (!listen) return;
    const { approvalsApi, gateway, metrics } = settings.view();
    await Promise.all([
      this.#approvalsApi.apply(approvalsApi),
      this.#gateway.apply(this.#gatewayOrder ?? gateway),
      this.#metrics.apply(metrics),
    ]);
  }

  /**
   * Opens the gateway whatever the settings say.
   * @param port that of the settings, unless given
   * @param pages what it serves to browsers besides
   * @returns how it stands then
   */
  async openGateway(port?: number, pages: Pages | null = null): Promise<EndpointView> {
    this.#pages = pages;
    this.#gatewayOrder = { enabled: true, port: port ?? this.#deps.settings.view().gateway.port };
    await this.apply();
    return this.#gateway.view();
  }

  /** What a client that only knows stdio starts; its token goes into the environment besides. */
  bridge(): BridgeCommand {
    const { ports, settings } = this.#deps;
    const { command, env } = ports.nodeRuntime;
    const port = (this.#gatewayOrder ?? settings.view().gateway).port;
    return { command, args: [join(ports.paths.app, "out/main/cli.js"), "bridge", "--port", String(port)], env };
  }

  async close(): Promise<void> {
    this.#subscription[Symbol.dispose]();
    await Promise.all([this.#approvalsApi.close(), this.#gateway.close(), this.#metrics.close()]);
  }

  /** Loads what counts only now, as few want it. */
  async #openMetrics(port: number): Promise<Opened> {
    const { access: tokens, servers } = this.#deps;
    const { openMetrics } = await import("./metrics-endpoint/metrics-endpoint.ts");
    const isListed = (server: string, tool: string) => servers.tool(server, tool) !== undefined;
    return openMetrics({ port }, { ...this.#deps, tokens, isListed });
  }
}
