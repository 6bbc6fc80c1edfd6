import { Button, CopyButton, type ButtonProps } from "@mantine/core";
import { IconCheck, IconCopy, IconFolderOpen } from "@tabler/icons-react";
import { useSurroundings } from "../../api/use-desktop.ts";
import { useRevealFolder } from "../../api/use-status.ts";

type FolderButtonProps = {
  folder: "catalog" | "policy" | "data";
  /** Absolute: of the folder, or of a file in it. */
  path: string;
  /** What it says where the folder can be shown. */
  label?: string;
  /** Says which of several it is, to those who hear it. */
  about?: string;
  size?: ButtonProps["size"];
};

/** Shows a folder of the core's on the desktop. In a browser, which may be on another machine, it copies the path. */
export function FolderButton({ folder, path, label = "Show in folder", about, size = "xs" }: FolderButtonProps) {
  const around = useSurroundings().data;
  const reveal = useRevealFolder();
  const named = (words: string) => (about === undefined ? {} : { "aria-label": `${words}: ${about}` });
  if (!around) return null;
  if (around.kind === "desktop") {
    return (
      <Button
        variant="default"
        size={size}
        leftSection={<IconFolderOpen size={14} aria-hidden />}
        {...named(label)}
        onClick={() => reveal.mutate(folder)}
      >
        {label}
      </Button>
    );
  }
  return (
    <CopyButton value={path}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size={size}
          title="It is on the machine where Switchgear runs"
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          {...named(copied ? "Copied" : "Copy path")}
          onClick={copy}
        >
          {copied ? "Copied" : "Copy path"}
        </Button>
      )}
    </CopyButton>
  );
}
