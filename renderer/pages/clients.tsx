import { Skeleton } from "@mantine/core";
import type { EndpointState } from "../../shared/endpoint.ts";
import { useBridgeCommand, useEndpoint } from "../api/use-access.ts";
import { useSettings } from "../api/use-settings.ts";
import { ErrorState } from "../components/error-state.tsx";
import { PageHeader } from "../components/page-header.tsx";
import { NewToken } from "../features/access/new-token.tsx";
import { TokenList } from "../features/access/token-list.tsx";
import { ClientViewButton } from "../features/clients/client-view-button.tsx";
import { clientSetups } from "../features/clients/client-setup.ts";
import { GatewaySetting } from "../features/clients/gateway-setting.tsx";
import { SetupTabs } from "../features/clients/setup-tabs.tsx";
import feature from "../features/clients/clients.module.css";
import classes from "./clients.module.css";

/** Who calls through the gateway, and with which token. */
export function ClientsPage() {
  const settings = useSettings();
  const { data: state } = useEndpoint("gateway");
  const { data: bridge } = useBridgeCommand();
  return (
    <div className={classes.page}>
      <PageHeader title="Clients" description="AI clients that call through Switchgear" />
      {settings.isPending && <Skeleton height={240} aria-label="Reading the settings" />}
      {settings.isError && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isSuccess && (
        <>
          <GatewaySetting key={settings.data.gateway.port} gateway={settings.data.gateway} state={state} />
          <section className={feature.card} aria-label="Tokens of clients">
            <div>
              <h2 className={feature.title}>Clients</h2>
              <p className={feature.quiet}>
                Each has a token of its own; the policy and the log know it by its name. A client without a token is
                refused.
              </p>
            </div>
            <TokenList area="gateway" empty="No client yet: make a token, and it is shown how to set one up.">
              {(token) => <ClientViewButton client={token} />}
            </TokenList>
            <NewToken area="gateway" example="claude-desktop">
              {(token) => (
                <div>
                  {token === null && (
                    <p className={feature.quiet}>To set a client up, put the token that it was given in its place:</p>
                  )}
                  <SetupTabs
                    setups={clientSetups(urlOf(state, settings.data.gateway.port), token ?? "‹token›", bridge)}
                  />
                </div>
              )}
            </NewToken>
          </section>
        </>
      )}
    </div>
  );
}

/** Where the gateway is, or will be. */
function urlOf(state: EndpointState | undefined, port: number): string {
  return state?.state === "listening" ? state.url : `http://127.0.0.1:${port}/mcp`;
}
