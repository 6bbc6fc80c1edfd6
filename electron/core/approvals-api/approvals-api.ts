import { readFileSync } from "node:fs";
import type { ApprovalsApiSettings } from "../../../shared/endpoint.ts";
import { MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { AccessTokens } from "../http/access-tokens.ts";
import { HttpEndpoint, type EndpointLimits } from "../http/http-endpoint.ts";
import type { Opened } from "../http/hosted-endpoint.ts";
import type { Clock, Logger } from "../ports.ts";
import { createRoutes, type ApprovalsApiParts } from "./routes.ts";
import { TicketChanges } from "./ticket-changes.ts";

export type ApprovalsApiDeps = Pick<ApprovalsApiParts, "approvals" | "desk" | "grants"> & {
  clock: Clock;
  logger: Logger;
  events: CoreEvents;
  tokens: AccessTokens;
  version: string;
  mask: <T>(value: T) => T;
  limits?: Partial<EndpointLimits>;
};

/**
 * Approve from elsewhere: the tickets over HTTP, for a chat bot or a page on a phone.
 * @throws MCPClientError `config_invalid`: an address or port that cannot be had, a certificate or key that cannot be read
 */
export async function openApprovalsApi(
  { address, port, tls }: Omit<ApprovalsApiSettings, "enabled">,
  deps: ApprovalsApiDeps,
): Promise<Opened> {
  const { clock, logger, events, tokens, limits } = deps;
  const closing = new AbortController();
  const changes = new TicketChanges(events, clock);
  const routes = createRoutes({ ...deps, changes, closing: closing.signal });
  const endpoint = await HttpEndpoint.open({
    ...{ what: "The approvals API", address, port, clock, logger, limits },
    tls: tls ? { cert: readPem(tls.cert), key: readPem(tls.key) } : undefined,
    authenticate: (token) => tokens.verify("approvals-api", token),
    handle: (request, caller) => routes.fetch(request, { caller }),
  });
  return {
    url: endpoint.url,
    close: async () => {
      closing.abort();
      changes[Symbol.dispose]();
      await endpoint.close();
    },
  };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new MCPClientError("config_invalid", `The approvals API cannot read ${file}: ${(cause as Error).message}`, {
      hint: "Name PEM files that this user may read.",
      cause,
    });
  }
}
