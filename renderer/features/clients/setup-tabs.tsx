import { Button, CopyButton, Tabs } from "@mantine/core";
import type { Setup } from "./client-setup.ts";
import classes from "./clients.module.css";

/** A name without spaces: ids are made of it. */
const tabOf = (index: number) => `setup-${index}`;

/** How to set up each client, ready to be copied. */
export function SetupTabs({ setups }: { setups: readonly Setup[] }) {
  return (
    <Tabs defaultValue={tabOf(0)} keepMounted={false}>
      <Tabs.List aria-label="Set up a client">
        {setups.map(({ client }, index) => (
          <Tabs.Tab key={client} value={tabOf(index)}>
            {client}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {setups.map(({ client, place, text }, index) => (
        <Tabs.Panel key={client} value={tabOf(index)} className={classes.setup ?? ""}>
          <div className={classes.place}>
            <span>{place}</span>
            <CopyButton value={text}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="subtle" color="gray" onClick={copy}>
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
