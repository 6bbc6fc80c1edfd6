import { Select, TextInput } from "@mantine/core";
import classes from "./filter-bar.module.css";
import { spans, type FilterChoice, type Span } from "./filter-params.ts";

type TimeFilterProps = { choice: FilterChoice; onChange: (choice: FilterChoice) => void };

const between = "between";
const options = [
  ...Object.entries(spans).map(([value, { label }]) => ({ value, label })),
  { value: between, label: "Between…" },
];

/** When the calls began: the last while, or between two moments. */
export function TimeFilter({ choice, onChange }: TimeFilterProps) {
  const isBetween = choice.from !== null || choice.to !== null;
  const choose = (value: string | null) => {
    const none = { ...choice, since: null, from: null, to: null };
    if (value === between) onChange({ ...none, from: Date.now() - spans["1h"].ms });
    else onChange({ ...none, since: value as Span | null });
  };
  return (
    <>
      <Select
        aria-label="Time"
        placeholder="Any time"
        className={classes.select}
        data={options}
        value={isBetween ? between : choice.since}
        onChange={choose}
        clearable
      />
      {isBetween && (
        <>
          <Moment label="From" at={choice.from} onChange={(from) => onChange({ ...choice, from })} />
          <Moment label="To" at={choice.to} onChange={(to) => onChange({ ...choice, to })} />
        </>
      )}
    </>
  );
}

function Moment({ label, at, onChange }: { label: string; at: number | null; onChange: (at: number | null) => void }) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      className={classes.moment}
      leftSection={<span className={classes.bound}>{label}</span>}
      leftSectionWidth={44}
      defaultValue={at === null ? "" : localMinute(at)}
      onChange={(event) => {
        const moment = new Date(event.currentTarget.value).getTime();
        onChange(Number.isNaN(moment) ? null : moment);
      }}
    />
  );
}

/** As the browser's own field writes it. */
function localMinute(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
