import { useMantineColorScheme } from "@mantine/core";
import { useEffect } from "react";
import { useSettings } from "../../api/use-settings.ts";

/** Light, dark, or what the system says, as the settings have it. */
export function useThemeSetting(): void {
  const theme = useSettings().data?.theme;
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    if (theme) setColorScheme(theme === "system" ? "auto" : theme);
  }, [theme, setColorScheme]);
}
