import { Button, CopyButton } from "@mantine/core";
import { useWebhookKey } from "../../api/use-alerts.ts";
import { ErrorState } from "../../components/error-state.tsx";
import access from "../access/access.module.css";
import { SettingGroup, SettingRow } from "./setting-row.tsx";
import classes from "./settings.module.css";

/** The key by which a webhook can tell that an alert comes from here. */
export function WebhookKeySetting() {
  const ask = useWebhookKey();
  return (
    <SettingGroup title="Alerts and escalation">
      <SettingRow
        title="Webhook key"
        description={
          <>
            Alerts are posted to the addresses in <code>escalate_to</code> of the policy file, signed with this key as
            Standard Webhooks says. Showing it is recorded.
          </>
        }
      >
        {!ask.data && (
          <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate(false)}>
            Show the key
          </Button>
        )}
      </SettingRow>
      {ask.isError && (
        <div className={classes.stack}>
          <ErrorState error={ask.error} />
        </div>
      )}
      {ask.data && (
        <div className={classes.stack}>
          <section className={access.revealed} aria-label="Webhook key">
            <p className={access.once}>
              Hand it to whoever runs the webhook. Who has it can send what looks like yours.
            </p>
            <div className={access.address}>
              <code className={access.token}>{ask.data.key}</code>
              <CopyButton value={ask.data.key}>
                {({ copied, copy }) => <Button onClick={copy}>{copied ? "Copied" : "Copy key"}</Button>}
              </CopyButton>
              <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate(true)}>
                Replace it
              </Button>
              <Button variant="default" onClick={ask.reset}>
                Done
              </Button>
            </div>
          </section>
        </div>
      )}
    </SettingGroup>
  );
}
