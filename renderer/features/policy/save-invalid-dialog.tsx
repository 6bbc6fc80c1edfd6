import { Button, Group, Modal } from "@mantine/core";
import type { PolicyProblem } from "../../../shared/policy.ts";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";

type SaveInvalidDialogProps = {
  problems: readonly PolicyProblem[];
  isSaving: boolean;
  onSave: () => void;
  onClose: () => void;
};

/** Asks a second time before a text is saved that refuses every call. */
export function SaveInvalidDialog({ problems, isSaving, onSave, onClose }: SaveInvalidDialogProps) {
  const [first] = problems;
  return (
    <Modal opened onClose={onClose} title="This text is invalid" centered>
      <p>
        It has {formatCount(problems.length, "problem")}
        {first && (
          <>
            ; the first{first.line !== null && `, on line ${first.line}`}:{" "}
            <InertText text={first.message} maxLength={300} />
          </>
        )}
        .
      </p>
      <p>Once it is saved every call is refused, until the file is valid again.</p>
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          Go on editing
        </Button>
        <Button color="red" loading={isSaving} onClick={onSave}>
          Save it, and refuse every call
        </Button>
      </Group>
    </Modal>
  );
}
