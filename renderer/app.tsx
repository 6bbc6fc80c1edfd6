import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createHashRouter, RouterProvider } from "react-router-dom";
import { LinkContext, type Link } from "./api/link.ts";
import { LiveStoreContext, type LiveStore } from "./api/live-store.ts";
import type { Ticker } from "./components/ticker.ts";
import { TickerContext } from "./components/use-now.ts";
import { PolicyDeskContext, type PolicyDeskStore } from "./features/policy/policy-desk.ts";
import { LoggedIn } from "./features/session/logged-in.tsx";
import { PageError } from "./features/shell/page-error.tsx";
import { Shell } from "./features/shell/shell.tsx";
import { CallStoreContext, type CallStore } from "./features/tools/call-store.ts";
import { PanelPage } from "./pages/panel.tsx";
import { cssVariablesResolver, theme } from "./theme/theme.ts";

type AppProps = {
  link: Link;
  queryClient: QueryClient;
  live: LiveStore;
  calls: CallStore;
  policyDesk: PolicyDeskStore;
  ticker: Ticker;
};

export function App({ link, queryClient, live, calls, policyDesk, ticker }: AppProps) {
  const [router] = useState(createRouter);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <QueryClientProvider client={queryClient}>
        <LiveStoreContext value={live}>
          <CallStoreContext value={calls}>
            <PolicyDeskContext value={policyDesk}>
              <TickerContext value={ticker}>
                <LinkContext value={link}>
                  <LoggedIn>
                    {/* Live updates would begin a transition anew each time that they came, so a screen could wait for long. */}
                    <RouterProvider router={router} useTransitions={false} />
                  </LoggedIn>
                </LinkContext>
              </TickerContext>
            </PolicyDeskContext>
          </CallStoreContext>
        </LiveStoreContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function createRouter() {
  return createHashRouter([
    {
      element: <Shell />,
      errorElement: <PageError />,
      children: [
        {
          errorElement: <PageError />,
          hydrateFallbackElement: <></>,
          children: [
            { index: true, element: <PanelPage /> },
            { path: "tools", lazy: async () => ({ Component: (await import("./pages/tools.tsx")).ToolsPage }) },
            {
              path: "resources",
              lazy: async () => ({ Component: (await import("./pages/resources.tsx")).ResourcesPage }),
            },
            { path: "prompts", lazy: async () => ({ Component: (await import("./pages/prompts.tsx")).PromptsPage }) },
            {
              path: "approvals",
              lazy: async () => ({ Component: (await import("./pages/approvals.tsx")).ApprovalsPage }),
            },
            {
              path: "activity",
              lazy: async () => ({ Component: (await import("./pages/activity.tsx")).ActivityPage }),
            },
            { path: "pins", lazy: async () => ({ Component: (await import("./pages/pins.tsx")).PinsPage }) },
            { path: "policy", lazy: async () => ({ Component: (await import("./pages/policy.tsx")).PolicyPage }) },
            { path: "clients", lazy: async () => ({ Component: (await import("./pages/clients.tsx")).ClientsPage }) },
            { path: "audit", lazy: async () => ({ Component: (await import("./pages/audit.tsx")).AuditPage }) },
            {
              path: "settings",
              lazy: async () => ({ Component: (await import("./pages/settings.tsx")).SettingsPage }),
            },
            { path: "*", element: <PageError /> },
          ],
        },
      ],
    },
  ]);
}
