import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./theme/fonts.css";
import "./theme/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followEvents } from "./api/live-events.ts";
import { createLiveStore } from "./api/live-store.ts";
import { openLink } from "./api/open-link.ts";
import { createQueryClient, followLink } from "./api/query-client.ts";
import { App } from "./app.tsx";
import { Ticker } from "./components/ticker.ts";
import { createPolicyDeskStore } from "./features/policy/policy-desk.ts";
import { showFailure } from "./features/shell/show-failure.tsx";
import { createCallStore } from "./features/tools/call-store.ts";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root.");

const link = openLink();
const queryClient = createQueryClient(showFailure);
const live = createLiveStore();
const calls = createCallStore();
const policyDesk = createPolicyDeskStore();
followLink(link, () => {
  live.setState(live.getInitialState());
  void queryClient.invalidateQueries();
});
// Events are heard before anything is asked, so that no change falls between.
followEvents(link.bridge, queryClient, live);

createRoot(root).render(
  <StrictMode>
    <App
      link={link}
      queryClient={queryClient}
      live={live}
      calls={calls}
      policyDesk={policyDesk}
      ticker={new Ticker()}
    />
  </StrictMode>,
);
