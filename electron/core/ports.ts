/** What the core asks of the outside. */

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
  debug(message: string, context?: Record<string, unknown>): void;
  info(message: string, context?: Record<string, unknown>): void;
  warn(message: string, context?: Record<string, unknown>): void;
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

export type Ports = {
  clock: Clock;
  logger: Logger;
  paths: Paths;
  /** The process's environment variables. */
  env: Readonly<Record<string, string | undefined>>;
  nodeRuntime: NodeRuntime;
  /** Called once, when a server file first needs it (`${fault-lab}`). */
  startFaultLab(): Promise<FaultLab>;
  version: string;
  /** The runtime's name for people, e.g. `Electron 45.4.1`. */
  runtime: string;
};
