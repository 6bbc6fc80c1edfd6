import { Button, CopyButton, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { accessNameSchema, type AccessArea, type NewAccessToken } from "../../../shared/access.ts";
import { useCreateToken } from "../../api/use-access.ts";
import { ErrorState } from "../../components/error-state.tsx";
import classes from "./access.module.css";

type NewTokenProps = {
  area: AccessArea;
  /** What to call who will carry it: `phone`, `claude-desktop`. */
  example: string;
  /** Shown beside the token: how to use it. Without one while none was made. */
  children?: (token: string | null) => ReactNode;
};

/** Asks for a name, makes a token, and shows it once. */
export function NewToken({ area, example, children }: NewTokenProps) {
  const create = useCreateToken(area);
  const [name, setName] = useState("");
  const checked = accessNameSchema.safeParse(name.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (checked.success) create.mutate(checked.data, { onSuccess: () => setName("") });
  };
  if (create.data) {
    return (
      <Revealed made={create.data} onDone={create.reset}>
        {children?.(create.data.token)}
      </Revealed>
    );
  }
  return (
    <>
      <form className={classes.create} onSubmit={submit}>
        <TextInput
          label="Name"
          description="Records and policies name it so."
          placeholder={example}
          value={name}
          maxLength={60}
          w={260}
          error={name.trim() !== "" && !checked.success ? checked.error.issues[0]?.message : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={create.isPending} disabled={!checked.success}>
          Make token
        </Button>
        {create.isError && <ErrorState error={create.error} />}
      </form>
      {children?.(null)}
    </>
  );
}

function Revealed({ made, onDone, children }: { made: NewAccessToken; onDone: () => void; children: ReactNode }) {
  return (
    <section className={classes.revealed} aria-label="New token">
      <p className={classes.once}>
        The token of <b>{made.access.name}</b>. Copy it now: it is shown this once, and Switchgear keeps only its hash.
      </p>
      <div className={classes.address}>
        <code className={classes.token}>{made.token}</code>
        <CopyButton value={made.token}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? "Copied" : "Copy token"}</Button>}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </div>
      {children}
    </section>
  );
}
