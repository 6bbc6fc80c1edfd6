import { Alert, Tabs, Textarea } from "@mantine/core";
import { IconBraces, IconForms } from "@tabler/icons-react";
import { useState } from "react";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./arguments-editor.module.css";
import { readArguments, type Args, type Draft } from "./call-store.ts";
import { FormBoundary, SchemaForm } from "./schema-form.tsx";
import type { JsonSchema, SchemaVerdict } from "./schema-problem.ts";
import { formObstacle } from "./schema-text.ts";

type ArgumentsEditorProps = {
  schema: JsonSchema;
  draft: Draft;
  onChange: (draft: Draft) => void;
  verdict: SchemaVerdict;
  /** Whether problems are shown yet: not before the first try, so that an empty form does not scold. */
  showProblems: boolean;
};

/** The arguments of a call, as a form and as JSON, of which either is always what the other is. */
export function ArgumentsEditor({ schema, draft, onChange, verdict, showProblems }: ArgumentsEditorProps) {
  const obstacle = formObstacle(schema);
  const [chosen, setChosen] = useState<string | null>(null);
  const tab = chosen ?? (obstacle === null && draft.unreadable === null ? "form" : "json");
  const problems = showProblems && verdict.kind === "judged" ? verdict.problems : [];
  return (
    <Tabs value={tab} onChange={setChosen} classNames={{ panel: classes.panel }}>
      <Tabs.List aria-label="How the arguments are written">
        <Tabs.Tab value="form" leftSection={<IconForms size={14} aria-hidden />}>
          Form
        </Tabs.Tab>
        <Tabs.Tab value="json" leftSection={<IconBraces size={14} aria-hidden />}>
          JSON
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="form">
        {draft.unreadable ? (
          <Note text="The JSON cannot be read as it stands, so the form cannot show it. Mend it under “JSON”." />
        ) : obstacle ? (
          <Note text={`${obstacle} Write the arguments under “JSON”.`} />
        ) : hasNoProperties(schema) && Object.keys(draft.args).length === 0 ? (
          <p className={classes.none}>This tool takes no arguments.</p>
        ) : (
          <FormBoundary
            fallback={<Note text="No form can be made of this schema. Write the arguments under “JSON”." />}
          >
            <SchemaForm
              schema={schema}
              value={draft.args}
              problems={problems}
              onChange={(args) => onChange({ args, unreadable: null })}
            />
          </FormBoundary>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="json">
        <JsonEditor draft={draft} onChange={onChange} />
        {obstacle && <Note text={`There is no form for this tool. ${obstacle}`} />}
        {problems.length > 0 && (
          <ul className={classes.problems} aria-label="Problems">
            {problems.map(({ path, message }) => (
              <li key={`${path.join("/")} ${message}`}>
                <code>
                  <InertText text={path.join(".") || "arguments"} maxLength={200} />
                </code>{" "}
                <InertText text={message} maxLength={400} />
              </li>
            ))}
          </ul>
        )}
      </Tabs.Panel>
      {verdict.kind === "unjudgeable" && (
        <Note
          text={`The tool’s schema cannot be used to check the arguments here (${verdict.reason}). They are sent as they are; the server judges them.`}
        />
      )}
    </Tabs>
  );
}

/** Keeps the text as typed for as long as it says the same as the draft. */
function JsonEditor({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const [typed, setTyped] = useState<{ text: string; args: Args } | null>(null);
  const text =
    draft.unreadable?.text ?? (typed?.args === draft.args ? typed.text : JSON.stringify(draft.args, null, 2));
  const change = (next: string) => {
    const read = readArguments(next);
    if ("args" in read) {
      setTyped({ text: next, args: read.args });
      onChange({ args: read.args, unreadable: null });
    } else {
      onChange({ args: draft.args, unreadable: { text: next, reason: read.reason } });
    }
  };
  return (
    <Textarea
      label="Arguments as JSON"
      autosize
      minRows={6}
      maxRows={24}
      spellCheck={false}
      value={text}
      error={draft.unreadable?.reason}
      classNames={{ input: classes.json }}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function Note({ text }: { text: string }) {
  return (
    <Alert variant="light" color="gray" className={classes.note}>
      <InertText text={text} maxLength={500} />
    </Alert>
  );
}

function hasNoProperties(schema: JsonSchema): boolean {
  if (typeof schema === "boolean") return true;
  const properties = schema["properties"];
  const declares = typeof properties === "object" && properties !== null && Object.keys(properties).length > 0;
  const composes = ["$ref", "anyOf", "oneOf", "allOf", "patternProperties"].some((key) => key in schema);
  const admits = typeof schema["additionalProperties"] === "object" || schema["additionalProperties"] === true;
  return !declares && !composes && !admits;
}
