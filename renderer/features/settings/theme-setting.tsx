import { SegmentedControl } from "@mantine/core";
import type { Settings } from "../../../shared/settings.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { SettingRow } from "./setting-row.tsx";

const themes = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const satisfies readonly { value: Settings["theme"]; label: string }[];

export function ThemeSetting({ theme }: { theme: Settings["theme"] }) {
  const set = useSetSettings();
  return (
    <SettingRow title="Theme" description="System follows what the desktop asks for.">
      <SegmentedControl
        aria-label="Theme"
        data={[...themes]}
        value={theme}
        onChange={(value) => set.mutate({ theme: value })}
      />
    </SettingRow>
  );
}
