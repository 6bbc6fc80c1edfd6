import { Button, CopyButton, Tabs } from "@mantine/core";
import type { Setup } from "./client-setup.ts";
import classes from "./clients.module.css";

/** How to set up each client, ready to be copied. */
export function SetupTabs({ setups }: { setups: readonly Setup[] }) {
  return (
    <Tabs defaultValue={setups[0]?.client ?? null} keepMounted={false}>
      <Tabs.List aria-label="Set up a client">
        {setups.map(({ client }) => (
          <Tabs.Tab key={client} value={client}>
            {client}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {setups.map(({ client, place, text }) => (
        <Tabs.Panel key={client} value={client} className={classes.setup ?? ""}>
          <div className={classes.place}>
            <span>{place}</span>
            <CopyButton value={text}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="subtle" color="gray" onClick={copy}>
                  {copied ? "Copied" : "Copy"}
                </Button>
              )}
            </CopyButton>
          </div>
          <pre className={classes.text}>{text}</pre>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
