import { Button } from "@mantine/core";
import {
  IconCircuitSwitchOpen,
  IconListDetails,
  IconShieldCheck,
  IconUserQuestion,
  type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ServerView } from "../../../shared/server.ts";
import type { AppStatus } from "../../../shared/status.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { CircuitGlyph } from "../../components/circuit-glyph.tsx";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./welcome.module.css";

/** What there is to expect once it is on. */
const points: readonly { icon: Icon; title: string; text: string }[] = [
  { icon: IconShieldCheck, title: "It decides.", text: "A policy file says what runs, what is refused and what asks." },
  { icon: IconUserQuestion, title: "It asks you.", text: "A call that needs a person waits under Approvals." },
  {
    icon: IconCircuitSwitchOpen,
    title: "It keeps trouble away.",
    text: "A server that fails is cut off, and probed again in time.",
  },
  { icon: IconListDetails, title: "It writes down.", text: "Each call’s whole story stands in Activity." },
];

type WelcomeProps = {
  mcp: AppStatus["mcp"];
  servers: readonly ServerView[];
  /** How there come to be more servers. */
  actions: ReactNode;
};

/** What the panel says while MCP is off: what would be started, and the one button that does it. */
export function Welcome({ mcp, servers, actions }: WelcomeProps) {
  const setSettings = useSetSettings();
  const isGoverned = mcp.governedBy === "environment-variable";
  const enabled = servers.filter((server) => server.enabled);
  return (
    <section className={classes.welcome} aria-labelledby="welcome-title">
      <div className={classes.words}>
        <span className={classes.glyph}>
          <CircuitGlyph kind="open" size={40} />
        </span>
        <h1 id="welcome-title" className={classes.title}>
          MCP is off
        </h1>
        <p className={classes.text}>
          Switchgear stands between AI clients and the tools they call. While it is off, nothing is started, nothing is
          dialled, and every call is refused.
        </p>
        <ul className={classes.points}>
          {points.map(({ icon: PointIcon, title, text }) => (
            <li key={title}>
              <PointIcon size={20} stroke={1.5} aria-hidden />
              <p>
                <strong>{title}</strong> {text}
              </p>
            </li>
          ))}
        </ul>
        {isGoverned ? (
          <p className={classes.text}>
            <strong>MAGSAG_MCP_ENABLED keeps it off.</strong> Start Switchgear with <code>MAGSAG_MCP_ENABLED=true</code>
            , or without the variable to turn it on here.
          </p>
        ) : (
          <Button
            size="md"
            loading={setSettings.isPending}
            onClick={() => setSettings.mutate({ mcpEnabled: true })}
            className={classes.button ?? ""}
          >
            Turn MCP on
          </Button>
        )}
      </div>
      <div className={classes.servers}>
        <h2 className={classes.subtitle}>
          {enabled.length === 0
            ? "No server is in the catalog yet"
            : `Turning it on starts or dials ${formatCount(enabled.length, "server")}`}
        </h2>
        <ul className={classes.list}>
          {enabled.map((server) => (
            <li key={server.id} className={classes.server}>
              <span className={classes.name}>
                <InertText text={server.title} maxLength={60} />
              </span>
              <span className={classes.transport}>{server.transport}</span>
              <span className={classes.target}>
                <InertText text={server.target} mono maxLength={300} />
              </span>
            </li>
          ))}
        </ul>
        <div className={classes.actions}>{actions}</div>
      </div>
    </section>
  );
}
