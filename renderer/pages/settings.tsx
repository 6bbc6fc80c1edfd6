import { Skeleton } from "@mantine/core";
import { useSettings } from "../api/use-settings.ts";
import { useStatus } from "../api/use-status.ts";
import { ErrorState } from "../components/error-state.tsx";
import { PageHeader } from "../components/page-header.tsx";
import { About } from "../features/settings/about.tsx";
import { ApprovalsApiSetting } from "../features/settings/approvals-api-setting.tsx";
import { EnvironmentSetting } from "../features/settings/environment-setting.tsx";
import { MetricsSetting } from "../features/settings/metrics-setting.tsx";
import { PlaceRow } from "../features/settings/place-row.tsx";
import { RetentionSetting } from "../features/settings/retention-setting.tsx";
import { SettingGroup } from "../features/settings/setting-row.tsx";
import { SurroundingsSetting } from "../features/settings/surroundings-setting.tsx";
import { SwitchSetting } from "../features/settings/switch-setting.tsx";
import { WebhookKeySetting } from "../features/settings/webhook-key-setting.tsx";
import { TelemetrySetting } from "../features/settings/telemetry-setting.tsx";
import { VaultSetting } from "../features/vault/vault-setting.tsx";
import { ThemeSetting } from "../features/settings/theme-setting.tsx";
import classes from "./settings.module.css";

/** How this Switchgear is set, and where its files lie. */
export function SettingsPage() {
  const settings = useSettings();
  const status = useStatus();
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <PageHeader title="Settings" description="How this Switchgear behaves, and where its files lie." />
        {(settings.isPending || status.isPending) && <Skeleton height={240} aria-label="Reading the settings" />}
        {settings.isError && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
        {status.isError && <ErrorState error={status.error} onRetry={() => void status.refetch()} />}
        {settings.isSuccess && status.isSuccess && (
          <>
            <SettingGroup title="How calls are judged">
              <SwitchSetting enabled={settings.data.mcpEnabled} />
              <EnvironmentSetting
                key={settings.data.environment.value}
                environment={settings.data.environment}
                known={status.data.policy.state === "valid" ? status.data.policy.environments : []}
              />
            </SettingGroup>
            <ApprovalsApiSetting api={settings.data.approvalsApi} />
            <WebhookKeySetting />
            <SettingGroup title="Tell others how it goes">
              <MetricsSetting metrics={settings.data.metrics} />
              <TelemetrySetting key={settings.data.telemetry.value.endpoint} telemetry={settings.data.telemetry} />
            </SettingGroup>
            <VaultSetting />
            <SettingGroup title="Appearance">
              <ThemeSetting theme={settings.data.theme} />
            </SettingGroup>
            <SurroundingsSetting desktop={settings.data.desktop} />
            <SettingGroup title="What is kept">
              <RetentionSetting key={JSON.stringify(settings.data.retention)} retention={settings.data.retention} />
            </SettingGroup>
            <SettingGroup title="Where files live">
              <PlaceRow
                title="Catalog"
                path={status.data.catalog.folder}
                description="One file a server, edited by hand; read again as soon as it is saved."
                folder="catalog"
              />
              <PlaceRow
                title="Policy"
                path={status.data.policy.file}
                description="What may be called, and what needs a person."
                folder="policy"
              />
              <PlaceRow
                title="Journal"
                path={status.data.journal.file}
                description={
                  status.data.journal.state === "ready"
                    ? "Every call, its attempts, tickets and verdicts."
                    : `Not in use: ${status.data.journal.reason}`
                }
                folder="data"
              />
              <PlaceRow
                title="Settings"
                path={settings.data.file}
                description="What is chosen on this page."
                folder="data"
              />
            </SettingGroup>
            <About status={status.data} />
          </>
        )}
      </div>
    </div>
  );
}
