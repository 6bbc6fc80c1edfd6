import type { ApprovalsApiSettings, EndpointView } from "../../shared/endpoint.ts";
import { openApprovalsApi } from "./approvals-api/approvals-api.ts";
import type { ApprovalInbox } from "./approvals/inbox.ts";
import type { CoreEvents } from "./events.ts";
import type { AccessTokens } from "./http/access-tokens.ts";
import { HostedEndpoint } from "./http/hosted-endpoint.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { SettingsStore } from "./settings-store.ts";

export type EndpointsDeps = {
  clock: Clock;
  logger: Logger;
  events: CoreEvents;
  settings: SettingsStore;
  approvals: ApprovalInbox;
  access: AccessTokens;
  redactor: Redactor;
  version: string;
  /** Whether this process listens at all: one among several on the same data folder does. */
  listen: boolean;
};

/** What others reach over HTTP, as the settings have it. */
export class Endpoints {
  #deps: EndpointsDeps;
  #approvalsApi: HostedEndpoint<ApprovalsApiSettings>;
  #subscription: Disposable;

  constructor(deps: EndpointsDeps) {
    this.#deps = deps;
    const { events, logger, approvals: inbox, access: tokens, redactor } = deps;
    const mask = <T>(value: T): T => redactor.value(value);
    this.#approvalsApi = new HostedEndpoint({
      ...{ area: "approvals-api", events, logger },
      open: ({ enabled, ...where }) => (enabled ? openApprovalsApi(where, { ...deps, inbox, tokens, mask }) : null),
    });
    this.#subscription = events.on("settings.changed", () => void this.apply());
  }

  list(): EndpointView[] {
    return [this.#approvalsApi.view()];
  }

  /** Makes the endpoints what the settings say; one that cannot be opened says so and keeps nothing else from running. */
  async apply(): Promise<void> {
    const { listen, settings } = this.#deps;
    if (!listen) return;
    await this.#approvalsApi.apply(settings.view().approvalsApi);
  }

  async close(): Promise<void> {
    this.#subscription[Symbol.dispose]();
    await this.#approvalsApi.close();
  }
}
