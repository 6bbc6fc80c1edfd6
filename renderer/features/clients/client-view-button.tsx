import { Button, Drawer } from "@mantine/core";
import { useState } from "react";
import type { AccessToken } from "../../../shared/access.ts";
import { ViewForm } from "./view-form.tsx";
import { viewWords } from "./view-words.ts";
import classes from "./view.module.css";

/** What a client sees, and the way to change it. */
export function ClientViewButton({ client }: { client: AccessToken }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        classNames={{ label: classes.words ?? "" }}
        aria-label={`What ${client.name} sees`}
        title="Change what it sees"
        onClick={() => setOpen(true)}
      >
        {viewWords(client.view)}
      </Button>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        size={560}
        title={`What ${client.name} sees`}
        closeButtonProps={{ "aria-label": "Close" }}
        classNames={{ content: classes.content ?? "", title: classes.title ?? "", body: classes.body ?? "" }}
      >
        <ViewForm client={client} onDone={() => setOpen(false)} />
      </Drawer>
    </>
  );
}
