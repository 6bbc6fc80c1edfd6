import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { SavedRequest } from "../../../shared/saved-request.ts";
import { useRenameRequest, useSaveRequest } from "../../api/use-saved-requests.ts";
import { describeError } from "../../components/describe-error.ts";
import classes from "./saved-requests.module.css";

/** A request that is saved already and gets another name, or one that is to be saved. */
type NameRequestProps = {
  request: Omit<SavedRequest, "id" | "savedAt" | "name"> & { id?: string; name?: string };
  /** Names that would be written over. */
  taken?: readonly string[];
  onClose: () => void;
};

/** Asks what a request is to be called. */
export function NameRequest({ request, taken = [], onClose }: NameRequestProps) {
  const { id, server, tool, args } = request;
  const [typed, setTyped] = useState(request.name ?? "");
  const save = useSaveRequest();
  const rename = useRenameRequest();
  const { error, isPending } = id === undefined ? save : rename;
  const name = typed.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id === undefined) save.mutate({ server, tool, args, name }, { onSuccess: onClose });
    else rename.mutate({ id, name }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={id === undefined ? "Save the request" : "Rename the request"}
      size="sm"
      centered
    >
      <form className={classes.naming} onSubmit={submit}>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={120}
          value={typed}
          error={error ? describeError(error).message : null}
          description={taken.includes(name) ? "Takes the place of the one that has this name." : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name === ""} loading={isPending}>
          {id === undefined ? "Save" : "Rename"}
        </Button>
      </form>
    </Modal>
  );
}
