/** What the core asks of the outside. */

/** At once where it is at hand, later where others have to be asked. */
export type Awaitable<T> = T | Promise<T>;

/** Time. Durations and deadlines use `now`, what a person reads uses `wallNow`. */
export type Clock = {
  /** Monotonic milliseconds; a jump of the wall clock changes nothing. */
  now(): number;
  /** Milliseconds since the Unix epoch. */
  wallNow(): number;
  /** Runs `callback` once after `delayMs`, unless the returned timer is disposed first. Does not keep the process alive. */
  schedule(delayMs: number, callback: () => void): Disposable;
  /** Resolves after `delayMs`; rejects with the signal's reason as soon as it is aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
};

/** Structured log; values of secrets never go in. */
export type Logger = {
  /** Of use to whoever looks for a fault. */
  debug(message: string, context?: Record<string, unknown>): void;
  /** Something happened, as it should. */
  info(message: string, context?: Record<string, unknown>): void;
  /** Something failed, and work goes on. */
  warn(message: string, context?: Record<string, unknown>): void;
  /** Something failed that somebody should look at. */
  error(message: string, context?: Record<string, unknown>): void;
};

/** Folders and files, absolute. */
export type Paths = {
  /** Where the journal and the settings live. */
  data: string;
  /** The user's catalog folder. */
  catalog: string;
  /** The catalog that comes with the application: what a first run copies. */
  bundledCatalog: string;
  /** The application's own folder, which holds `node_modules` with the bundled servers. */
  app: string;
};

/** The program that runs JavaScript servers (`${node}` in a server file), and what its environment needs. */
export type NodeRuntime = { command: string; env: Record<string, string> };

/** A small server of our own whose tools misbehave on request; listens on loopback. */
export type FaultLab = {
  /** `http://127.0.0.1:PORT` */
  httpUrl: string;
  /** `ws://127.0.0.1:PORT` */
  wsUrl: string;
  close(): Promise<void>;
};

/** The system's own keychain: seals what only this user, on this machine, opens again. */
export type Keychain = {
  /** Why it can seal nothing now, and what to do about it; `null` where it can. Asked anew each time, as it may be unlocked meanwhile. */
  obstacle(): Promise<{ reason: string; hint: string } | null>;
  seal(text: string): Promise<Buffer>;
  /** Rejects where the keychain is locked, or what is sealed is not its own. */
  unseal(sealed: Buffer): Promise<string>;
};

/** Shows a notification on the desktop. @returns whether the desktop offers any */
export type Notify = (notification: { title: string; text: string }) => boolean;

export type Ports = {
  clock: Clock;
  logger: Logger;
  paths: Paths;
  /** The process's environment variables. */
  env: Readonly<Record<string, string | undefined>>;
  nodeRuntime: NodeRuntime;
  /** Absent where there is no window: the vault is then sealed by `SWITCHGEAR_VAULT_KEY`. */
  keychain?: Keychain;
  /** Absent where there is no window. */
  notify?: Notify;
  /** Called once, when a server file first needs it (`${fault-lab}`). */
  startFaultLab(): Promise<FaultLab>;
  version: string;
  /** The runtime's name for people, e.g. `Electron 45.4.1`. */
  runtime: string;
};
