import { Button, Group, Modal } from "@mantine/core";
import { use, useState, type ReactNode } from "react";
import type { ServerView } from "../../../shared/server.ts";
import { LiveStoreContext } from "../../api/live-store.ts";
import { formatCount } from "../../components/format.ts";
import { visibleText } from "../../components/hidden-characters.ts";

type Asked = { verb: string; calls: number; act: () => void };

/** Asks before an order that cuts calls off, and only then: what nobody waits for is done at once. */
export function useCutQuestion({ id, title }: ServerView): {
  ask: (verb: string, act: () => void) => void;
  question: ReactNode;
} {
  const live = use(LiveStoreContext);
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask = (verb: string, act: () => void) => {
    const recent = [...(live?.getState().recentCalls.values() ?? [])];
    const calls = recent.filter(({ server, phase }) => server === id && phase === "running").length;
    if (calls === 0) act();
    else setAsked({ verb, calls, act });
  };
  const close = () => setAsked(null);
  const question = asked && (
    <Modal
      opened
      onClose={close}
      title={`${asked.verb} ${visibleText(title, 60)}?`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {formatCount(asked.calls, "call is", "calls are")} on the way to it. Whoever waits gets no answer: whether the
      tool did its work stays unknown.
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={close} data-autofocus>
          Cancel
        </Button>
        <Button
          onClick={() => {
            close();
            asked.act();
          }}
        >
          {asked.verb} all the same
        </Button>
      </Group>
    </Modal>
  );
  return { ask, question };
}
