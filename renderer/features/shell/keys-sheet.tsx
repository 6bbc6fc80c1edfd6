import { Kbd, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useKeys } from "../../components/use-keys.ts";
import classes from "./keys-sheet.module.css";
import { modifierKey } from "./modifier-key.ts";
import { screens } from "./screens.ts";

const groups: readonly { title: string; keys: readonly (readonly [keys: readonly string[], does: string])[] }[] = [
  {
    title: "Anywhere",
    keys: [
      [[modifierKey, "K"], "Find a server, tool, screen or action"],
      [["?"], "Show these keys"],
      ...screens.map(({ key, title }) => [["g", key], `Go to ${title}`] as const),
    ],
  },
  {
    title: "Panel",
    keys: [
      [["/"], "Find a server"],
      [["j"], "Next server, or an arrow"],
      [["k"], "Previous server, or an arrow"],
      [["Enter"], "Open the server"],
      [["r"], "Reset its circuit"],
      [["t"], "Trip its circuit"],
      [["p"], "Probe its circuit"],
      [["e"], "Switch it on or off"],
      [["l"], "Its log"],
    ],
  },
  {
    title: "Tools",
    keys: [
      [["/"], "Search the tools"],
      [["↑", "↓"], "Move in the list"],
      [["Enter"], "Open the tool"],
      [[modifierKey, "Enter"], "Call the open tool"],
    ],
  },
  {
    title: "Resources and Prompts",
    keys: [
      [["/"], "Search them"],
      [["↑", "↓"], "Move in the list, or among suggestions"],
      [["Enter"], "Open it, or take the suggestion"],
      [[modifierKey, "Enter"], "Read the resource, or get the prompt"],
    ],
  },
  {
    title: "Activity",
    keys: [
      [["/"], "Search the log"],
      [["j"], "Next call, or ↓"],
      [["k"], "Previous call, or ↑"],
      [["Home"], "Newest call"],
      [["Enter"], "Open the call’s timeline"],
      [["Esc"], "Close the timeline"],
    ],
  },
  {
    title: "Approvals",
    keys: [
      [["j"], "Next call"],
      [["k"], "Previous call"],
      [["a"], "Approve"],
      [["d"], "Deny, with a reason"],
      [["e"], "Edit the arguments, then approve"],
      [["x"], "Select, to decide many at once"],
      [["Enter"], "Send the reason"],
      [["Esc"], "Back"],
    ],
  },
];

/** Every key, behind `?`. */
export function KeysSheet() {
  const [isOpen, { open, close }] = useDisclosure(false);
  useKeys({ "?": open });
  return (
    <Modal opened={isOpen} onClose={close} title="Keys" size={1040} closeButtonProps={{ "aria-label": "Close" }}>
      <div className={classes.groups}>
        {groups.map(({ title, keys }) => (
          <section key={title} className={classes.group} aria-label={title}>
            <h3 className={classes.title}>{title}</h3>
            <dl className={classes.keys}>
              {keys.map(([pressed, does]) => (
                <div key={does} className={classes.row}>
                  <dt>
                    {pressed.map((key) => (
                      <Kbd key={key} size="xs">
                        {key}
                      </Kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
