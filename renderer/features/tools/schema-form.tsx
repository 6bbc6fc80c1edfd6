import Form from "@rjsf/mantine";
import type { ErrorSchema, RJSFSchema, UiSchema } from "@rjsf/utils";
import { Component, useMemo, type ReactNode } from "react";
import type { Args } from "./call-store.ts";
import { AddButton, ArrayTitle, RemoveButton } from "./form-buttons.tsx";
import {
  BaseInput,
  CheckboxWidget,
  DescriptionField,
  FieldErrors,
  NothingField,
  SelectWidget,
  TextWidget,
  TitleField,
} from "./form-inputs.tsx";
import classes from "./schema-form.module.css";
import type { JsonSchema, SchemaProblem } from "./schema-problem.ts";
import { withInertText } from "./schema-text.ts";
import { problemTree, schemaValidator } from "./schema-validator.ts";

type SchemaFormProps = {
  schema: JsonSchema;
  value: Args;
  onChange: (value: Args) => void;
  /** Shown at their fields. */
  problems: readonly SchemaProblem[];
  /** What the fields' ids begin with, where several forms are shown at once. */
  idPrefix?: string;
};

const templates = {
  BaseInputTemplate: BaseInput,
  TitleFieldTemplate: TitleField,
  DescriptionFieldTemplate: DescriptionField,
  ArrayFieldTitleTemplate: ArrayTitle,
  FieldErrorTemplate: FieldErrors,
  ButtonTemplates: { AddButton, RemoveButton },
};
/** The library's own field for null writes one into the arguments as soon as it is drawn. */
const fields = { NullField: NothingField };
/** The call's own buttons stand below; a child takes the place of the library's. */
const noSubmit = <></>;
/** A tool is tried with exact values, so dates, colours and files are typed as the text that is sent. */
const widgets = {
  CheckboxWidget,
  SelectWidget,
  TextWidget,
  DateWidget: TextWidget,
  DateTimeWidget: TextWidget,
  TimeWidget: TextWidget,
  FileWidget: TextWidget,
  ColorWidget: TextWidget,
};
const uiSchema: UiSchema = {
  "ui:label": false,
  "ui:globalOptions": { orderable: false, copyable: false },
};
/** The form adds nothing by itself: what it shows is what the JSON shows. */
const defaults = {
  emptyObjectFields: "skipDefaults",
  arrayMinItems: { populate: "never" },
  constAsDefaults: "never",
} as const;

/** A form made from a JSON Schema; fields that are left empty are not sent. */
export function SchemaForm({ schema, value, onChange, problems, idPrefix = "argument" }: SchemaFormProps) {
  const shown = useMemo(() => rootOf(withInertText(schema)), [schema]);
  const errors = useMemo(() => problemTree(problems) as ErrorSchema, [problems]);
  return (
    <Form
      className={classes.form}
      tagName="div"
      idPrefix={idPrefix}
      schema={shown}
      uiSchema={uiSchema}
      validator={schemaValidator}
      formData={value}
      templates={templates}
      widgets={widgets}
      fields={fields}
      extraErrors={errors}
      noValidate
      noHtml5Validate
      showErrorList={false}
      useFallbackUiForUnsupportedType
      experimental_defaultFormStateBehavior={defaults}
      onChange={({ formData }) => onChange(withoutUndefined(formData ?? {}) as Args)}
    >
      {noSubmit}
    </Form>
  );
}

/** The root's own title and description stand above the form already. */
function rootOf(schema: JsonSchema): RJSFSchema {
  if (typeof schema === "boolean") return { type: "object" };
  const { title: _title, description: _description, ...rest } = schema;
  return { type: "object", ...rest };
}

/** An emptied field is absent; a list's items keep their places. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutUndefined(member)]));
}

/** A schema that the form library stumbles over takes nothing else of the screen with it. */
export class FormBoundary extends Component<{ children: ReactNode; fallback: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
