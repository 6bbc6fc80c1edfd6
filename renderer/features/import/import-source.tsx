import { Button, Skeleton } from "@mantine/core";
import { IconChevronRight, IconFileImport } from "@tabler/icons-react";
import { useFoundConfigs } from "../../api/use-imports.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./import.module.css";

type ImportSourceProps = { isPending: boolean; onChoose: (file: string | null) => void };

/** Which file: one of a client that is on this machine, or another. */
export function ImportSource({ isPending, onChoose }: ImportSourceProps) {
  const found = useFoundConfigs();
  return (
    <>
      <p className={classes.lead}>
        Switchgear reads the servers that another client keeps, and shows what each would run. The client’s own file
        stays as it is.
      </p>
      {found.isPending && <Skeleton height={56} animate={false} aria-label="Looking for files of clients" />}
      {found.data && found.data.length > 0 && (
        <ul className={classes.sources} aria-label="Files of clients on this machine">
          {found.data.map(({ client, file }) => (
            <li key={file}>
              <button type="button" className={classes.source} disabled={isPending} onClick={() => onChoose(file)}>
                <span className={classes.client}>{client}</span>
                <InertText text={file} mono className={classes.path ?? ""} />
                <IconChevronRight size={16} stroke={1.75} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {found.data?.length === 0 && (
        <p className={classes.lead}>
          No file of Claude, Cursor, VS Code, Windsurf or Gemini was found in its usual place.
        </p>
      )}
      <div className={classes.buttons}>
        <Button
          variant={found.data?.length ? "default" : "filled"}
          size="sm"
          leftSection={<IconFileImport size={16} stroke={1.75} aria-hidden />}
          loading={isPending}
          onClick={() => onChoose(null)}
        >
          Choose a file…
        </Button>
      </div>
    </>
  );
}
