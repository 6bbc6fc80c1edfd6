import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
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
  usePagesReadAhead();
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

/** Each in files of its own. */
const pages = {
  tools: async () => ({ Component: (await import("./pages/tools.tsx")).ToolsPage }),
  resources: async () => ({ Component: (await import("./pages/resources.tsx")).ResourcesPage }),
  prompts: async () => ({ Component: (await import("./pages/prompts.tsx")).PromptsPage }),
  approvals: async () => ({ Component: (await import("./pages/approvals.tsx")).ApprovalsPage }),
  activity: async () => ({ Component: (await import("./pages/activity.tsx")).ActivityPage }),
  pins: async () => ({ Component: (await import("./pages/pins.tsx")).PinsPage }),
  policy: async () => ({ Component: (await import("./pages/policy.tsx")).PolicyPage }),
  clients: async () => ({ Component: (await import("./pages/clients.tsx")).ClientsPage }),
  audit: async () => ({ Component: (await import("./pages/audit.tsx")).AuditPage }),
  settings: async () => ({ Component: (await import("./pages/settings.tsx")).SettingsPage }),
};

/** How long the first screen has for itself, milliseconds. */
const readAheadAfterMs = 1_000;

/** How long it may wait for a moment in which the page has nothing to do, milliseconds. */
const readAheadWithinMs = 2_000;

/** Reads the files of what is opened in a hurry before it is, so that its styles are there as well. */
function usePagesReadAhead(): void {
  useEffect(() => {
    let idle: number | undefined;
    const timer = setTimeout(() => {
      const readAhead = () => {
        for (const read of [pages.activity, pages.approvals, pages.tools]) read().catch(() => {});
      };
      idle = requestIdleCallback(readAhead, { timeout: readAheadWithinMs });
    }, readAheadAfterMs);
    return () => {
      clearTimeout(timer);
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, []);
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
            ...Object.entries(pages).map(([path, lazy]) => ({ path, lazy })),
            { path: "*", element: <PageError /> },
          ],
        },
      ],
    },
  ]);
}
