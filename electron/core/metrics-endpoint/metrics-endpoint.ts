/** The Prometheus endpoint. Loaded only where it is switched on. */
import { Registry } from "prom-client";
import type { CoreEvents } from "../events.ts";
import type { AccessTokens } from "../http/access-tokens.ts";
import { HttpEndpoint } from "../http/http-endpoint.ts";
import type { Opened } from "../http/hosted-endpoint.ts";
import type { Clock, Logger } from "../ports.ts";
import { countCalls } from "./call-metrics.ts";
import { tellProcess } from "./process-metrics.ts";
import { SeriesNames } from "./series-names.ts";
import { tellState, type StateSources } from "./state-metrics.ts";

export type MetricsEndpointDeps = StateSources & {
  clock: Clock;
  logger: Logger;
  events: CoreEvents;
  tokens: Pick<AccessTokens, "verify">;
  isListed: (server: string, tool: string) => boolean;
};

/** The path of the endpoint. */
export const metricsPath = "/metrics";

/**
 * What this process counts, from now on, and how it stands, in Prometheus' text format, on loopback and for those with a token.
 * @throws MCPClientError `config_invalid` where the port cannot be had
 */
export async function openMetrics({ port }: { port: number }, deps: MetricsEndpointDeps): Promise<Opened> {
  const { clock, logger, events, tokens, servers, isListed } = deps;
  const registry = new Registry();
  const names = new SeriesNames({ isListed, hasServer: (id) => servers.list().some((server) => server.id === id) });
  tellState(deps, registry, names);
  tellProcess(clock, registry);

  async function answer({ method, url }: Request): Promise<Response> {
    if (new URL(url).pathname !== metricsPath) return Response.json({ error: notHere }, { status: 404 });
    if (method !== "GET" && method !== "HEAD") {
      return Response.json({ error: onlyRead }, { status: 405, headers: { allow: "GET, HEAD" } });
    }
    return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
  }

  const endpoint = await HttpEndpoint.open({
    ...{ what: "The metrics endpoint", address: "127.0.0.1", port, clock, logger },
    authenticate: (token) => tokens.verify("metrics", token),
    handle: answer,
  });
  const counting = countCalls(events, registry, names);
  return {
    url: endpoint.url + metricsPath,
    close: async () => {
      counting[Symbol.dispose]();
      await endpoint.close();
    },
  };
}

const notHere = { code: "not_found", message: `The metrics are at ${metricsPath}.` };
const onlyRead = { code: "bad_request", message: "The metrics can only be read." };
