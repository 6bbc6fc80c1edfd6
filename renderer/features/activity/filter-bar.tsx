import { Button, MultiSelect, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconFilterOff, IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { InvocationOutcome } from "../../../shared/invocation.ts";
import type { PermissionLevel } from "../../../shared/policy.ts";
import { levelWords } from "../../components/badges.tsx";
import { outcomeWords } from "../../components/outcome-words.ts";
import { useKeys } from "../../components/use-keys.ts";
import classes from "./filter-bar.module.css";
import { emptyChoice, isEmptyChoice, type FilterChoice } from "./filter-params.ts";
import { TimeFilter } from "./time-filter.tsx";

type FilterBarProps = {
  choice: FilterChoice;
  onChange: (choice: FilterChoice) => void;
  servers: readonly string[];
  clients: readonly string[];
};

const outcomeOptions = Object.entries(outcomeWords).map(([value, { label }]) => ({ value, label }));
const levelOptions = Object.entries(levelWords).map(([value, { label }]) => ({ value, label }));

/** What of the log is shown. */
export function FilterBar({ choice, onChange, servers, clients }: FilterBarProps) {
  return (
    <div className={classes.bar} role="search" aria-label="Filter the log">
      <SearchField key={choice.text} text={choice.text} onChange={(text) => onChange({ ...choice, text })} />
      <Select
        aria-label="Server"
        placeholder="Server"
        className={classes.select}
        data={withChosen(servers, choice.server)}
        value={choice.server}
        onChange={(server) => onChange({ ...choice, server })}
        clearable
      />
      <Select
        aria-label="Client"
        placeholder="Client"
        className={classes.select}
        data={withChosen(clients, choice.client)}
        value={choice.client}
        onChange={(client) => onChange({ ...choice, client })}
        clearable
      />
      <MultiSelect
        aria-label="Outcome"
        placeholder={choice.outcomes.length === 0 ? "Outcome" : undefined}
        className={classes.outcomes}
        size="xs"
        data={outcomeOptions}
        value={[...choice.outcomes]}
        onChange={(outcomes) => onChange({ ...choice, outcomes: outcomes as InvocationOutcome[] })}
        clearable
      />
      <Select
        aria-label="Permission"
        placeholder="Permission"
        className={classes.select}
        data={levelOptions}
        value={choice.level}
        onChange={(level) => onChange({ ...choice, level: level as PermissionLevel | null })}
        clearable
      />
      <TimeFilter choice={choice} onChange={onChange} />
      {choice.tool !== null && (
        <Button
          variant="light"
          onClick={() => onChange({ ...choice, tool: null })}
          aria-label={`Tool ${choice.tool}, remove`}
        >
          {choice.tool} ×
        </Button>
      )}
      {!isEmptyChoice(choice) && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconFilterOff size={14} aria-hidden />}
          onClick={() => onChange(emptyChoice)}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

/** Follows the keys at once and tells of them when they pause. */
function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const tell = useDebouncedCallback(onChange, 250);
  useKeys({ "/": () => field.current?.focus() });
  return (
    <TextInput
      ref={field}
      className={classes.search}
      aria-label="Search the log"
      placeholder="Words of the call, its error or its result"
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={<kbd>/</kbd>}
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}

function withChosen(known: readonly string[], chosen: string | null): string[] {
  return [...new Set(chosen === null ? known : [...known, chosen])].toSorted();
}
