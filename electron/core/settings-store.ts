import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { settingsSchema, telemetryEndpointSchema, type Settings, type SettingsView } from "../../shared/settings.ts";
import type { Notice } from "../../shared/status.ts";
import { MCPClientError } from "./errors.ts";
import type { CoreEvents } from "./events.ts";
import type { Ports } from "./ports.ts";

/** The variable that governs the master switch where it is set. */
export const enabledVariable = "MAGSAG_MCP_ENABLED";
const environmentVariable = "SWITCHGEAR_ENV";
/** The variable that names the receiver of telemetry where it is set, as OpenTelemetry has it. */
const endpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

/** One setting that is about to have another value. */
export type SettingChange = { name: keyof Settings; from: unknown; to: unknown };
/** Runs `act`, which changes the settings, and records it; or does neither. */
export type RecordChange = (changes: readonly SettingChange[], by: string, act: () => void) => void;

/** The settings file, and the environment variables that govern parts of it. */
export class SettingsStore {
  #file: string;
  #env: Ports["env"];
  #events: CoreEvents;
  #settings: Settings;
  /** Where the variable has telemetry sent; `null` where it is not set, or of no use. */
  #receiver: string | null;
  #record: RecordChange;
  /** What was wrong with the file or the variables when they were read. */
  readonly notices: Notice[] = [];

  constructor(
    file: string,
    { clock, env }: Pick<Ports, "clock" | "env">,
    events: CoreEvents,
    record: RecordChange = (_changes, _by, act) => act(),
  ) {
    this.#record = record;
    this.#file = file;
    this.#env = env;
    this.#events = events;
    this.#settings = this.#read(clock.wallNow());
    const governed = env[enabledVariable];
    if (governed !== undefined && parseSwitch(governed) === null) {
      this.notices.push({
        id: "mcp-enabled-variable",
        level: "error",
        message: `${enabledVariable} is ${JSON.stringify(governed)}, so the master switch stays off.`,
        hint: `Set ${enabledVariable} to true or false, or unset it, and start again.`,
      });
    }
    const receiver = env[endpointVariable] ? telemetryEndpointSchema.safeParse(env[endpointVariable]) : null;
    this.#receiver = receiver?.data ?? null;
    if (receiver?.error) {
      this.notices.push({
        id: "telemetry-variable",
        level: "warning",
        message: `Nobody is told of calls: ${endpointVariable} is no address to use (${receiver.error.issues[0]!.message}).`,
        hint: `Correct or unset ${endpointVariable}, and start again.`,
      });
    }
  }

  /** Whether servers may be spawned, dialled and called. A variable that is neither true nor false means no. */
  get mcpEnabled(): boolean {
    const governed = this.#env[enabledVariable];
    return governed === undefined ? this.#settings.mcpEnabled : parseSwitch(governed) === true;
  }

  /** The environment that the policy judges by. */
  get environment(): string {
    return this.#env[environmentVariable] || this.#settings.environment;
  }

  /** Further origins of the console in a browser, as the file has them. */
  get consoleOrigins(): readonly string[] {
    return this.#settings.consoleOrigins;
  }

  view(): SettingsView {
    const governedBy = (governed: boolean) => (governed ? ("environment-variable" as const) : ("setting" as const));
    return {
      environment: {
        value: this.environment,
        governedBy: governedBy(Boolean(this.#env[environmentVariable])),
        variable: environmentVariable,
      },
      mcpEnabled: {
        value: this.mcpEnabled,
        governedBy: governedBy(this.#env[enabledVariable] !== undefined),
        variable: enabledVariable,
      },
      theme: this.#settings.theme,
      desktop: this.#settings.desktop,
      approvalsApi: this.#settings.approvalsApi,
      gateway: this.#settings.gateway,
      metrics: this.#settings.metrics,
      retention: this.#settings.retention,
      telemetry: {
        value: { endpoint: this.#env[endpointVariable] ? this.#receiver : this.#settings.telemetry.endpoint },
        governedBy: governedBy(Boolean(this.#env[endpointVariable])),
        variable: endpointVariable,
      },
      file: this.#file,
    };
  }

  /**
   * @param by who changes it
   * @throws MCPClientError `config_invalid` where a variable governs what would change, or the file cannot be written;
   * `journal_unavailable` where the change cannot be recorded.
   */
  set(change: Partial<Settings>, by = "console"): SettingsView {
    const view = this.view();
    for (const key of ["environment", "mcpEnabled", "telemetry"] as const) {
      if (change[key] !== undefined && view[key].governedBy === "environment-variable") {
        throw new MCPClientError(
          "config_invalid",
          `${view[key].variable} governs this setting, so it cannot be changed here.`,
          {
            hint: `Unset ${view[key].variable} and start Switchgear again.`,
          },
        );
      }
    }
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const next: Settings = { ...this.#settings, ...Object.fromEntries(given) };
    this.#replace(next, by);
    this.#events.emit("settings.changed", this.view());
    return this.view();
  }

  #replace(next: Settings, by: string): void {
    const before = this.#settings;
    const names = (Object.keys(next) as (keyof Settings)[]).filter(
      (name) => !isDeepStrictEqual(next[name], before[name]),
    );
    if (names.length === 0) return;
    let written = false;
    const act = () => {
      this.#write(next);
      written = true;
    };
    try {
      this.#record(
        names.map((name) => ({ name, from: before[name], to: next[name] })),
        by,
        act,
      );
    } catch (error) {
      // The record was refused at the last moment.
      if (written) this.#write(before);
      throw error;
    }
    this.#settings = next;
  }

  #read(wallNow: number): Settings {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return settingsSchema.parse({});
      return this.#withDefaults(
        `${this.#file} cannot be read: ${(error as Error).message}`,
        "Make the file readable, and start again.",
      );
    }
    try {
      return settingsSchema.parse(JSON.parse(text));
    } catch {
      return this.#withDefaults("The settings file was damaged, so the defaults are in use.", this.#setAside(wallNow));
    }
  }

  /** @returns where the damaged file is now, in words. */
  #setAside(wallNow: number): string {
    const aside = `${this.#file}.damaged-${new Date(wallNow).toISOString().replaceAll(":", "-").slice(0, 19)}`;
    try {
      renameSync(this.#file, aside);
      return `The old file is kept as ${aside}.`;
    } catch (error) {
      return `Correct or remove ${this.#file}: it could not be set aside (${(error as Error).message}).`;
    }
  }

  #withDefaults(message: string, hint: string): Settings {
    this.notices.push({ id: "settings-file", level: "warning", message, hint });
    return settingsSchema.parse({});
  }

  #write(settings: Settings): void {
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      const temporary = `${this.#file}.new`;
      writeFileSync(temporary, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
      renameSync(temporary, this.#file);
    } catch (cause) {
      throw new MCPClientError("config_invalid", `The settings could not be written to ${this.#file}.`, {
        hint: "Check that the folder is writable and the disk is not full.",
        cause,
      });
    }
  }
}

/** @returns `null` where the text says neither. */
export function parseSwitch(text: string): boolean | null {
  if (text.toLowerCase() === "true") return true;
  if (text.toLowerCase() === "false") return false;
  return null;
}
