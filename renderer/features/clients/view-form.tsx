import { Button, SegmentedControl, Switch, TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { clientViewSchema, type AccessToken, type ClientView } from "../../../shared/access.ts";
import { useSeenServers, useSetClientView } from "../../api/use-access.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { SeenTools } from "./seen-tools.tsx";
import classes from "./view.module.css";

type ViewFormProps = { client: AccessToken; onDone: () => void };

/** Chooses what a client sees, and shows what that is before it counts. */
export function ViewForm({ client, onDone }: ViewFormProps) {
  const set = useSetClientView();
  const [lazy, setLazy] = useState(client.view.lazy);
  const [isAll, setAll] = useState(client.view.sees === null);
  const [named, setNamed] = useState<string[]>(client.view.sees ?? []);
  const view: ClientView = { sees: isAll ? null : named, lazy };
  const checked = clientViewSchema.safeParse(view);
  const wrong = checked.success ? null : firstWrong(named, checked.error.issues);
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label="Which servers and tools"
        data={[
          { value: "all", label: "Everything" },
          { value: "named", label: "Only what is named" },
        ]}
        value={isAll ? "all" : "named"}
        onChange={(value) => setAll(value === "all")}
      />
      {!isAll && <Names named={named} wrong={wrong} onChange={setNamed} />}
      <Seen sees={checked.success ? view.sees : []} />
      <div className={classes.lazy}>
        <Switch
          label="Lazy mode"
          description="It is shown three tools, find_tools, describe_tool and call_tool, in the place of all: for fleets whose definitions would fill a model's context. Its calls take the same path."
          checked={lazy}
          onChange={(event) => setLazy(event.currentTarget.checked)}
        />
      </div>
      {set.isError && <ErrorState error={set.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button
          disabled={!checked.success}
          loading={set.isPending}
          onClick={() => set.mutate({ id: client.id, view }, { onSuccess: onDone })}
        >
          Save
        </Button>
      </div>
    </>
  );
}

/** So few that none has to be scrolled to: what is typed narrows them. */
const mostSuggested = 7;

type NamesProps = { named: string[]; wrong: string | null; onChange: (named: string[]) => void };

function Names({ named, wrong, onChange }: NamesProps) {
  const { data: all } = useSeenServers(null);
  const known = all?.flatMap(({ server, seen }) => [server, ...seen.map((tool) => `${server}.${tool}`)]) ?? [];
  return (
    <TagsInput
      data-autofocus
      label="Servers and tools"
      description="A server, as in github, or tools of it, as in github.get_*. * is any run of characters, ? is one."
      placeholder={named.length === 0 ? "github.get_*" : ""}
      data={[...new Set(known)]}
      limit={mostSuggested}
      maxDropdownHeight={320}
      comboboxProps={{ withinPortal: false }}
      splitChars={[",", ";"]}
      acceptValueOnBlur
      clearable
      value={named}
      error={wrong}
      classNames={{ pill: classes.pill ?? "" }}
      onChange={onChange}
    />
  );
}

function Seen({ sees }: { sees: ClientView["sees"] }) {
  const [asked] = useDebouncedValue(sees, 150);
  const seen = useSeenServers(asked);
  if (seen.isError) return <ErrorState error={seen.error} onRetry={() => void seen.refetch()} />;
  return seen.data ? <SeenTools servers={seen.data} /> : null;
}

function firstWrong(named: readonly string[], issues: readonly { path: PropertyKey[]; message: string }[]): string {
  const [issue] = issues;
  const at = issue?.path.at(-1);
  const which = typeof at === "number" ? `“${named[at]}”: ` : "";
  return `${which}${issue?.message ?? "this cannot be used"}.`;
}
