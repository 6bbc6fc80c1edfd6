import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import { InertText } from "../../components/inert-text.tsx";
import { groupWords, type PanelGroup as Group } from "./panel-filter.ts";
import classes from "./panel-group.module.css";

/** Modules under their heading, which folds them away. */
export function PanelGroup({ group, children }: { group: Group; children: ReactNode }) {
  const [isOpen, setOpen] = useState(true);
  const id = useId();
  if (group.title === null) return children;
  const { words, inTrouble } = groupWords(group.entries);
  return (
    <section className={classes.group} aria-labelledby={id}>
      <h2 className={classes.heading}>
        <button type="button" className={classes.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <IconChevronDown size={16} stroke={1.75} aria-hidden />
          <span id={id}>
            <InertText text={group.title} maxLength={60} />
          </span>
          <span className={classes.words} data-trouble={inTrouble}>
            {words}
          </span>
        </button>
      </h2>
      {isOpen && children}
    </section>
  );
}
