import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ArrayFieldTitleProps, IconButtonProps } from "@rjsf/utils";
import classes from "./schema-form.module.css";

export function AddButton({ id, disabled, onClick }: IconButtonProps) {
  return (
    <Button
      id={id}
      variant="default"
      size="compact-xs"
      leftSection={<IconPlus size={12} aria-hidden />}
      disabled={disabled}
      onClick={onClick}
    >
      Add
    </Button>
  );
}

export function RemoveButton({ id, disabled, onClick }: IconButtonProps) {
  return (
    <ActionIcon id={id} aria-label="Remove" disabled={disabled} onClick={onClick}>
      <IconTrash size={14} aria-hidden />
    </ActionIcon>
  );
}

export function ArrayTitle({ title, required }: ArrayFieldTitleProps) {
  if (!title) return null;
  return (
    <span className={classes.title}>
      {title}
      {required && (
        <span className={classes.required} aria-hidden>
          *
        </span>
      )}
    </span>
  );
}
