import { Combobox, Textarea, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useId, useState } from "react";
import type { CompletionRef } from "../../../shared/offer.ts";
import { ApiError } from "../../api/api-error.ts";
import { useCompletion } from "../../api/use-offers.ts";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./completed-field.module.css";

type CompletedFieldProps = {
  server: string;
  /** What the argument is for. */
  completes: CompletionRef;
  name: string;
  label: string | null;
  description: string | null;
  required: boolean;
  value: string;
  /** What stands in all fields. */
  values: Readonly<Record<string, string>>;
  /** Whether it may hold several lines. */
  multiline: boolean;
  error: string | null;
  onChange: (value: string) => void;
};

/** How long nothing is typed before the server is asked, milliseconds. */
const pauseMs = 150;

/** A field whose server says, as a person types, what it may become. */
export function CompletedField(props: CompletedFieldProps) {
  const { server, completes, name, label, description, required, value, values, multiline, error, onChange } = props;
  const [isFocused, setFocused] = useState(false);
  const noteId = useId();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { [name]: own = "", ...context } = filled({ ...values, [name]: value });
  const [asked] = useDebouncedValue(JSON.stringify({ own, context }), pauseMs);
  const completion = useCompletion(isFocused ? askedOf(server, completes, name, asked) : null);
  const found = completion.data?.values ?? [];
  const options = found.length === 1 && found[0] === value ? [] : found;
  const shown = options.join("\n");
  const { resetSelectedOption } = combobox;
  // What was pointed at stands elsewhere among other suggestions, or is not there any more.
  useEffect(() => resetSelectedOption(), [shown, resetSelectedOption]);
  const note = noteOf(completion.error, completion.data?.hasMore ?? false, found.length);
  const Field = multiline ? Textarea : TextInput;
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(option) => {
        onChange(option);
        combobox.closeDropdown();
      }}
    >
      {/* Within several lines the arrows are for moving in the text. */}
      <Combobox.Target withKeyboardNavigation={!value.includes("\n")}>
        <Field
          label={<InertText text={label ?? name} maxLength={120} />}
          description={description && <InertText text={description} multiline maxLength={600} />}
          required={required}
          error={error}
          value={value}
          {...(multiline && { autosize: true, minRows: 1, maxRows: 16 })}
          classNames={{ input: classes.input ?? "", description: classes.description ?? "" }}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={noteId}
          onFocus={() => {
            setFocused(true);
            combobox.openDropdown();
          }}
          onBlur={() => {
            setFocused(false);
            combobox.closeDropdown();
          }}
          onChange={(event) => {
            onChange(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
        />
      </Combobox.Target>
      <p id={noteId} className={classes.note} role="status">
        {isFocused && note}
      </p>
      <Combobox.Dropdown hidden={options.length === 0}>
        <Combobox.Options mah={220} className={classes.options} aria-label={`What ${name} may be`}>
          {options.map((option) => (
            <Combobox.Option key={option} value={option}>
              <InertText text={option} maxLength={200} mono />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function askedOf(server: string, ref: CompletionRef, name: string, asked: string) {
  const { own, context } = JSON.parse(asked) as { own: string; context: Record<string, string> };
  return { server, ref, argument: { name, value: own }, context };
}

/** What is said of the suggestions. A server that has none to give is nothing to speak of. */
function noteOf(error: Error | null, hasMore: boolean, count: number): string {
  if (error)
    return error instanceof ApiError && error.code === "protocol_error" ? "" : `No suggestions: ${error.message}`;
  if (count === 0) return "";
  return hasMore
    ? `The first ${formatCount(count, "suggestion")}; type on for others`
    : formatCount(count, "suggestion");
}

/** The fields in which something stands. */
export function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
