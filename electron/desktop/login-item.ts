/** Opening at login on a desktop that reads autostart entries, as Linux's do. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The argument of a start that nobody asked for: no window opens where the tray can hold the application. */
export const backgroundFlag = "--background";

/** The system's own record of what it opens at login. */
export type LoginItem = {
  isOn(): boolean;
  /** @throws Error where the system does not take it */
  set(on: boolean): void;
};

/** @param command the program to start, absolute */
export function autostartEntry(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): LoginItem {
  const file = join(env.XDG_CONFIG_HOME || join(home, ".config"), "autostart", "switchgear.desktop");
  return {
    isOn: () => {
      try {
        return !/^(?:Hidden=true|X-GNOME-Autostart-enabled=false)$/m.test(readFileSync(file, "utf8"));
      } catch {
        return false;
      }
    },
    set: (on) => {
      if (!on) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, entryText(command));
    },
  };
}

function entryText(command: string): string {
  const lines = [
    "[Desktop Entry]",
    "Type=Application",
    "Name=Switchgear",
    "Comment=The control room for MCP servers",
    `Exec=${quoted(command)} ${backgroundFlag}`,
    "Terminal=false",
    "X-GNOME-Autostart-enabled=true",
  ];
  return `${lines.join("\n")}\n`;
}

/** As the Desktop Entry Specification wants an argument of `Exec`: escaped inside quotes, then as a value, `%` doubled. */
function quoted(command: string): string {
  const inQuotes = command.replace(/["`$\\]/g, "\\$&").replaceAll("%", "%%");
  return `"${inQuotes.replaceAll("\\", "\\\\")}"`;
}
