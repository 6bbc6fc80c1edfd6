import { Switch } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./settings.module.css";

type SettingRowProps = {
  title: string;
  children: ReactNode;
  /** What it does, in one sentence. */
  description: ReactNode;
};

export function SettingRow({ title, description, children }: SettingRowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <h3 className={classes.name}>{title}</h3>
        <p className={classes.description}>{description}</p>
      </div>
      <div className={classes.control}>{children}</div>
    </div>
  );
}

type SwitchRowProps = {
  title: string;
  description: ReactNode;
  isOn: boolean;
  disabled: boolean;
  onTurn: (isOn: boolean) => void;
};

/** A setting that is on or off. */
export function SwitchRow({ title, description, isOn, disabled, onTurn }: SwitchRowProps) {
  return (
    <SettingRow title={title} description={description}>
      <Switch
        aria-label={title}
        label={isOn ? "On" : "Off"}
        checked={isOn}
        disabled={disabled}
        onChange={(event) => onTurn(event.currentTarget.checked)}
      />
    </SettingRow>
  );
}

export function SettingGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.group} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <div className={classes.rows}>{children}</div>
    </section>
  );
}

/** Says that an environment variable has taken a setting over. */
export function Governed({ variable }: { variable: string }) {
  return (
    <span className={classes.governed}>
      Set by <code>{variable}</code>. Unset it and restart to choose here.
    </span>
  );
}
