import { Drawer, Tabs } from "@mantine/core";
import type { CircuitView } from "../../../shared/circuit.ts";
import type { ServerView } from "../../../shared/server.ts";
import { InertText } from "../../components/inert-text.tsx";
import { ConnectionLine } from "../servers/connection-line.tsx";
import { ServerFacts } from "../servers/server-facts.tsx";
import { ServerLog } from "../servers/server-log.tsx";
import { SignInButton } from "../servers/sign-in-button.tsx";
import { CircuitHistory } from "./circuit-history.tsx";
import { CircuitNow } from "./circuit-now.tsx";
import classes from "./server-drawer.module.css";

export const drawerTabs = ["log", "circuit", "about"] as const;
export type DrawerTab = (typeof drawerTabs)[number];

type ServerDrawerProps = {
  /** `null` keeps it shut. */
  server: ServerView | null;
  circuits: readonly CircuitView[];
  tab: DrawerTab;
  onTab: (tab: DrawerTab) => void;
  onClose: () => void;
};

/** One server in full: its log, what its circuit did, what it is. */
export function ServerDrawer({ server, circuits, tab, onTab, onClose }: ServerDrawerProps) {
  const whole = circuits.find((circuit) => circuit.tool === null);
  return (
    <Drawer
      opened={server !== null}
      onClose={onClose}
      position="right"
      size={640}
      title={server && <InertText text={server.title} maxLength={120} className={classes.title} />}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ content: classes.content ?? "", body: classes.body ?? "" }}
    >
      {server && (
        <>
          {server.description && (
            <p className={classes.description}>
              <InertText text={server.description} multiline expandable maxLength={400} />
            </p>
          )}
          <div>
            <ConnectionLine server={server} />
            <SignInButton server={server} />
          </div>
          <Tabs
            value={tab}
            onChange={(value) => onTab(value as DrawerTab)}
            classNames={{ root: classes.tabs ?? "", panel: classes.panel ?? "" }}
          >
            <Tabs.List>
              <Tabs.Tab value="log">Log</Tabs.Tab>
              <Tabs.Tab value="circuit">Circuit</Tabs.Tab>
              <Tabs.Tab value="about">About</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="log">
              <ServerLog server={server.id} />
            </Tabs.Panel>
            <Tabs.Panel value="circuit">
              {whole && <CircuitNow circuit={whole} />}
              <CircuitHistory circuits={circuits} />
            </Tabs.Panel>
            <Tabs.Panel value="about">
              <ServerFacts server={server} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Drawer>
  );
}
