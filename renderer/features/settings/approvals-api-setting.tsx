import { Button, NumberInput, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { approvalsApiSettingsSchema, type ApprovalsApiSettings } from "../../../shared/endpoint.ts";
import { useEndpoint } from "../../api/use-access.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { EndpointLine } from "../access/endpoint-line.tsx";
import { NewToken } from "../access/new-token.tsx";
import { TokenList } from "../access/token-list.tsx";
import { SettingGroup, SettingRow } from "./setting-row.tsx";
import classes from "./settings.module.css";

/** Approve from elsewhere: whether the approvals API listens, where, and who may use it. */
export function ApprovalsApiSetting({ api }: { api: ApprovalsApiSettings }) {
  const set = useSetSettings();
  const { data: state } = useEndpoint("approvals-api");
  return (
    <SettingGroup title="Approve from elsewhere">
      <SettingRow
        title="Approvals API"
        description="Lets a chat bot or a page on a phone list, approve and deny the calls that wait, over HTTP with a token."
      >
        <Switch
          aria-label="Approvals API"
          label={api.enabled ? "On" : "Off"}
          checked={api.enabled}
          disabled={set.isPending}
          onChange={(event) => set.mutate({ approvalsApi: { ...api, enabled: event.currentTarget.checked } })}
        />
      </SettingRow>
      {state && state.state !== "off" && (
        <div className={classes.row}>
          <EndpointLine state={state} />
        </div>
      )}
      {api.enabled && (
        <>
          <Where key={JSON.stringify(api)} api={api} />
          <div className={classes.stack}>
            <TokenList area="approvals-api" empty="Nobody can use it yet: make a token." />
            <NewToken area="approvals-api" example="phone" />
          </div>
        </>
      )}
    </SettingGroup>
  );
}

/** Address, port and TLS, taken over together. */
function Where({ api }: { api: ApprovalsApiSettings }) {
  const set = useSetSettings();
  const [typed, setTyped] = useState({ ...api, tls: api.tls ?? { cert: "", key: "" } });
  const { cert, key } = typed.tls;
  const wanted = { ...typed, tls: cert.trim() === "" && key.trim() === "" ? null : typed.tls };
  const checked = approvalsApiSettingsSchema.safeParse(wanted);
  const isNew = JSON.stringify(wanted) !== JSON.stringify(api);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (checked.success) set.mutate({ approvalsApi: checked.data });
  };
  const problem = (name: string) =>
    checked.success || !isNew ? undefined : checked.error.issues.find(({ path }) => path.join(".") === name)?.message;
  return (
    <form className={classes.stack} onSubmit={submit} aria-label="Where the approvals API listens">
      <div className={classes.fields}>
        <TextInput
          label="Address"
          description="Anything but 127.0.0.1 needs TLS."
          value={typed.address}
          error={problem("address")}
          onChange={(event) => setTyped({ ...typed, address: event.currentTarget.value.trim() })}
        />
        <NumberInput
          label="Port"
          description="1 to 65535."
          value={typed.port}
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          error={problem("port")}
          onChange={(port) => setTyped({ ...typed, port: Number(port) })}
        />
        <TextInput
          label="Certificate file"
          description="PEM. Its names are those it is called by."
          placeholder="none"
          value={cert}
          error={problem("tls.cert")}
          onChange={(event) => setTyped({ ...typed, tls: { cert: event.currentTarget.value, key } })}
        />
        <TextInput
          label="Key file"
          description="PEM, without a passphrase."
          placeholder="none"
          value={key}
          error={problem("tls.key")}
          onChange={(event) => setTyped({ ...typed, tls: { cert, key: event.currentTarget.value } })}
        />
      </div>
      {isNew && (
        <div className={classes.inline}>
          <Button type="submit" loading={set.isPending} disabled={!checked.success}>
            Listen there
          </Button>
        </div>
      )}
    </form>
  );
}
