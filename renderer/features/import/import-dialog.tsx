import { Modal } from "@mantine/core";
import { useState } from "react";
import { useApplyImport, useOpenImport } from "../../api/use-imports.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { ImportOutcome } from "./import-outcome.tsx";
import { ImportReview } from "./import-review.tsx";
import { ImportSource } from "./import-source.tsx";

type ImportDialogProps = { isOpen: boolean; onClose: () => void };

/** Servers of other clients, from their file into the catalog: nothing is written before a person saw what each would run. */
export function ImportDialog({ isOpen, onClose }: ImportDialogProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Import servers"
      size={720}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Steps onClose={onClose} />
    </Modal>
  );
}

/** A file, what is in it, and what became of it. */
function Steps({ onClose }: { onClose: () => void }) {
  const open = useOpenImport();
  const apply = useApplyImport();
  const [opened, setOpened] = useState<string | null>(null);
  const choose = (file: string | null) => {
    setOpened(file);
    apply.reset();
    open.mutate(file);
  };
  const again = () => {
    open.reset();
    apply.reset();
  };
  if (apply.isSuccess) return <ImportOutcome results={apply.data} onAgain={again} onClose={onClose} />;
  if (apply.isError) return <ErrorState error={apply.error} onRetry={again} />;
  if (open.data) {
    const { id } = open.data;
    return (
      <ImportReview
        preview={open.data}
        isPending={apply.isPending}
        onBack={again}
        onImport={(servers) => apply.mutate({ id, servers })}
      />
    );
  }
  return (
    <>
      {open.isError && <ErrorState error={open.error} onRetry={() => choose(opened)} />}
      <ImportSource isPending={open.isPending} onChoose={choose} />
    </>
  );
}
