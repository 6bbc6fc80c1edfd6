import type { DesktopSettings } from "../../../shared/desktop.ts";
import { useSurroundings } from "../../api/use-desktop.ts";
import { BrowserSetting } from "./browser-setting.tsx";
import { DesktopSetting } from "./desktop-setting.tsx";

/** What is set of whatever stands around the page. */
export function SurroundingsSetting({ desktop }: { desktop: DesktopSettings }) {
  const around = useSurroundings().data;
  return around?.kind === "browser" ? (
    <BrowserSetting idleMinutes={around.idleMinutes} />
  ) : (
    <DesktopSetting desktop={desktop} />
  );
}
