import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useRevealFolder } from "../../api/use-status.ts";
import classes from "./settings.module.css";

type PlaceRowProps = {
  title: string;
  /** Absolute. */
  path: string;
  description: string;
  /** What the button opens; without it there is none. */
  folder?: "catalog" | "policy" | "data";
};

/** Where a file or a folder lies. */
export function PlaceRow({ title, path, description, folder }: PlaceRowProps) {
  const reveal = useRevealFolder();
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <h3 className={classes.name}>{title}</h3>
        <code className={classes.path}>{path}</code>
        <p className={classes.description}>{description}</p>
      </div>
      {folder && (
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={14} aria-hidden />}
          aria-label={`Show in folder: ${title}`}
          onClick={() => reveal.mutate(folder)}
        >
          Show in folder
        </Button>
      )}
    </div>
  );
}
