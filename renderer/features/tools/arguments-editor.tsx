import { Alert, Tabs } from "@mantine/core";
import { IconBraces, IconForms } from "@tabler/icons-react";
import { useState } from "react";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./arguments-editor.module.css";
import type { Draft } from "./call-store.ts";
import { JsonArguments } from "./json-arguments.tsx";
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
        <JsonArguments draft={draft} onChange={onChange} />
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
