import type { ReactNode } from "react";
import type { ServerView } from "../../../shared/server.ts";
import { Duration } from "../../components/duration.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { SignInFacts } from "./sign-in-facts.tsx";
import classes from "./server-facts.module.css";

/** What is configured, and what the server said of itself. */
export function ServerFacts({ server }: { server: ServerView }) {
  const { connection } = server;
  const facts: [string, ReactNode][] = [
    ["Id", <code key="id">{server.id}</code>],
    ["Transport", server.transport],
    [server.transport === "stdio" ? "Command" : "Address", <InertText key="target" text={server.target} mono />],
    ["File", <InertText key="file" text={server.file} mono />],
    ["Timeout", <Duration key="timeout" ms={server.timeoutMs} />],
    ["Retries", server.maxRetries],
    ["Trusted", server.trusted ? "Yes: its hints count when a failed call may be sent again" : "No"],
  ];
  if (connection.kind === "ready") {
    facts.push(
      [
        "Server",
        <InertText key="name" text={`${connection.serverName} ${connection.serverVersion}`} maxLength={200} />,
      ],
      ["Protocol", <InertText key="protocol" text={`MCP ${connection.protocolVersion}`} maxLength={60} />],
      ["Last ping", <Duration key="ping" ms={connection.pingMs} />],
      ["Ready since", <TimeAgo key="since" at={connection.since} />],
    );
  }
  if (server.signIn?.kind === "signed-in") {
    facts.push(["Signed in at", <SignInFacts key="sign-in" server={server.id} signIn={server.signIn} />]);
  }
  if (server.capabilities.length > 0) facts.push(["Capabilities", server.capabilities.join(", ")]);
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.row}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
