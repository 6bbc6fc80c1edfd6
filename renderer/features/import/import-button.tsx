import { Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";

/** Opens the import of other clients' servers. */
export function ImportButton({ onClick }: { onClick: () => void }) {
  return (
    <Button
      variant="default"
      leftSection={<IconFileImport size={16} stroke={1.75} aria-hidden />}
      onClick={onClick}
      aria-haspopup="dialog"
    >
      Import…
    </Button>
  );
}
