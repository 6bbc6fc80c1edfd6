import { ActionIcon } from "@mantine/core";
import { IconPlugConnected, IconPlugConnectedX } from "@tabler/icons-react";
import type { ServerView } from "../../../shared/server.ts";
import { useConnect, useDisconnect } from "../../api/use-servers.ts";
import { useCutQuestion } from "./cut-question.tsx";

export function ConnectButton({ server }: { server: ServerView }) {
  const connect = useConnect();
  const disconnect = useDisconnect();
  const { ask, question } = useCutQuestion(server);
  const { kind } = server.connection;
  const isUp = kind === "ready" || kind === "degraded" || kind === "connecting";
  const label = isUp ? "Disconnect" : kind === "idle" ? "Connect" : "Reconnect";
  const press = () => (isUp ? ask("Disconnect", () => disconnect.mutate(server.id)) : connect.mutate(server.id));
  return (
    <>
      <ActionIcon
        aria-label={label}
        title={label}
        disabled={!server.enabled}
        loading={(isUp ? disconnect : connect).isPending}
        onClick={press}
      >
        {isUp ? (
          <IconPlugConnectedX size={16} stroke={1.5} aria-hidden />
        ) : (
          <IconPlugConnected size={16} stroke={1.5} aria-hidden />
        )}
      </ActionIcon>
      {question}
    </>
  );
}
