import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./theme/fonts.css";
import "./theme/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { getBridge } from "./api/bridge.ts";
import { followEvents } from "./api/live-events.ts";
import { createLiveStore } from "./api/live-store.ts";
import { createQueryClient } from "./api/query-client.ts";
import { App } from "./app.tsx";
import { Ticker } from "./components/ticker.ts";
import { createPolicyDeskStore } from "./features/policy/policy-desk.ts";
import { showFailure } from "./features/shell/show-failure.tsx";
import { createCallStore } from "./features/tools/call-store.ts";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root.");

const queryClient = createQueryClient(showFailure);
const live = createLiveStore();
const calls = createCallStore();
const policyDesk = createPolicyDeskStore();
// Events are heard before anything is asked, so that no change falls between.
followEvents(getBridge(), queryClient, live);

createRoot(root).render(
  <StrictMode>
    <App queryClient={queryClient} live={live} calls={calls} policyDesk={policyDesk} ticker={new Ticker()} />
  </StrictMode>,
);
