import { Button, Group, Modal, Text } from "@mantine/core";
import { useLink } from "../../api/link.ts";
import { useLogOut } from "../../api/use-log-out.ts";
import { Countdown } from "../../components/countdown.tsx";

/** Asks who is here before a session ends because nobody seems to be. */
export function EndingDialog() {
  const { link, state } = useLink();
  const logOut = useLogOut();
  const endsAt = state.state === "open" ? state.endsAt : undefined;
  return (
    <Modal
      opened={endsAt !== undefined}
      onClose={link.stay}
      title="Are you still here?"
      withCloseButton={false}
      closeOnClickOutside={false}
      size="sm"
      centered
    >
      <Text size="sm">
        Nobody pressed a key or moved a pointer on this page for a while. You will be logged out in{" "}
        <strong>{endsAt !== undefined && <Countdown until={endsAt} />}</strong>. Calls that wait go on waiting.
      </Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" loading={logOut.isPending} onClick={() => logOut.mutate()}>
          Log out
        </Button>
        <Button data-autofocus onClick={link.stay}>
          Stay logged in
        </Button>
      </Group>
    </Modal>
  );
}
