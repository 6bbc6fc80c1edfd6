import { Button, Group, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ServerView } from "../../../shared/server.ts";
import { useSetEnabled } from "../../api/use-servers.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { useCutQuestion } from "./cut-question.tsx";
import classes from "./server-switch.module.css";

/** How long it can be taken back by one press, milliseconds. */
const undoMs = 8000;

/** On or off, as the server's file says; turning it writes the file. */
export function ServerSwitch({ server }: { server: ServerView }) {
  const { mutate, isPending, variables } = useSetEnabled();
  const { ask, question } = useCutQuestion(server);
  const title = visibleText(server.title, 60);
  const isOn = isPending ? variables.enabled : server.enabled;

  const offerUndo = (enabled: boolean) => {
    const id = `switched-${server.id}`;
    const undo = () => {
      notifications.hide(id);
      mutate({ server: server.id, enabled: !enabled });
    };
    notifications.hide(id);
    notifications.show({
      id,
      color: "gray",
      autoClose: undoMs,
      closeButtonProps: { "aria-label": "Dismiss" },
      message: (
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <span>
            {title} is switched {enabled ? "on" : "off"}.
          </span>
          <Button size="compact-sm" variant="default" onClick={undo}>
            Undo
          </Button>
        </Group>
      ),
    });
  };
  const turn = (enabled: boolean) => mutate({ server: server.id, enabled }, { onSuccess: () => offerUndo(enabled) });

  return (
    <>
      <Switch
        size="xs"
        aria-label={`${title} switch`}
        title={isOn ? "On: turn it off, and its calls are refused" : "Off: turn it on"}
        checked={isOn}
        withThumbIndicator={false}
        data-order="switch"
        classNames={{ body: classes.body ?? "", track: classes.track ?? "" }}
        onChange={({ currentTarget: { checked } }) => (checked ? turn(true) : ask("Switch off", () => turn(false)))}
      />
      {question}
    </>
  );
}
