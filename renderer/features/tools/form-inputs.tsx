/** The form library's parts that are our own: exact values in a mono face, an empty field means that nothing is sent. */
import { Checkbox, NumberInput, Text, Textarea, TextInput } from "@mantine/core";
import { Widgets } from "@rjsf/mantine";
import {
  ariaDescribedByIds,
  labelValue,
  type BaseInputTemplateProps,
  type DescriptionFieldProps,
  type FieldErrorProps,
  type TitleFieldProps,
  type WidgetProps,
} from "@rjsf/utils";
import classes from "./schema-form.module.css";

const mono = { input: classes.mono };
const errorText = (errors: readonly string[] | undefined) => (errors?.length ? errors.join("; ") : undefined);

/** Text that may have several lines, one line that has a format, or a number. */
export function BaseInput(props: BaseInputTemplateProps) {
  const { id, htmlName, schema, type, value, required, disabled, readonly, label, hideLabel, placeholder } = props;
  const common = {
    id,
    name: htmlName || id,
    label: labelValue(label || undefined, hideLabel, false),
    description: hideLabel ? undefined : props.options.description || schema.description,
    required,
    placeholder,
    disabled: disabled || readonly,
    error: errorText(props.rawErrors),
    classNames: mono,
    "aria-describedby": ariaDescribedByIds(id),
  };
  const change = (text: string) => props.onChange(text === "" ? props.options.emptyValue : text);
  if (schema.type === "number" || schema.type === "integer") {
    return (
      <NumberInput
        {...common}
        value={typeof value === "number" || typeof value === "string" ? value : ""}
        onChange={(next) => props.onChange(next === "" ? undefined : next)}
        allowDecimal={schema.type === "number"}
        min={schema.minimum}
        max={schema.maximum}
        step={schema.multipleOf ?? 1}
        clampBehavior="none"
      />
    );
  }
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  if (type === "password" || schema.format !== undefined) {
    return (
      <TextInput
        {...common}
        type={type === "password" ? type : "text"}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
    );
  }
  return (
    <Textarea
      {...common}
      autosize
      minRows={1}
      maxRows={16}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

export function TextWidget(props: WidgetProps) {
  const { BaseInputTemplate } = props.registry.templates;
  return <BaseInputTemplate {...props} />;
}

/** The library's own, which leaves out what the field is for. */
export function SelectWidget(props: WidgetProps) {
  const { SelectWidget: Select } = Widgets;
  return Select && <Select {...props} options={{ ...props.options, description: props.schema.description }} />;
}

export function CheckboxWidget({
  id,
  value,
  label,
  hideLabel,
  disabled,
  readonly,
  schema,
  rawErrors,
  onChange,
}: WidgetProps) {
  return (
    <Checkbox
      id={id}
      size="xs"
      label={labelValue(label || undefined, hideLabel, false)}
      description={schema.description}
      checked={value === true}
      disabled={disabled || readonly}
      error={errorText(rawErrors)}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** Null is not typed: choosing it is all that there is to do, and it is sent from the JSON. */
export function NothingField() {
  return null;
}

export function TitleField({ id, title, required, optionalDataControl }: TitleFieldProps) {
  return (
    <div className={classes.title} id={id}>
      <span>
        {title}
        {required && (
          <span className={classes.required} aria-hidden>
            {" *"}
          </span>
        )}
      </span>
      {optionalDataControl}
    </div>
  );
}

/** Fields of one value show their problems themselves; this is for lists and objects. */
export function FieldErrors({ errors, schema }: FieldErrorProps) {
  const isList =
    schema.type === "array" && !(schema.uniqueItems && typeof schema.items === "object" && "enum" in schema.items);
  if (!errors?.length || !(isList || schema.type === "object")) return null;
  return <p className={classes.problem}>{errors.map(String).join("; ")}</p>;
}

export function DescriptionField({ id, description }: DescriptionFieldProps) {
  if (!description) return null;
  return (
    <Text id={id} className={classes.description}>
      {description}
    </Text>
  );
}
