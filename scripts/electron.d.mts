/** An Electron to run the project with. */
export type ElectronRuntime = {
  /** The executable. */
  path: string;
  /** The folder of the whole runtime. */
  dist: string;
  version: string;
  /** Whether it is older than the version that users get. */
  older: boolean;
  /** What this machine needs, before the project's folder and the application's own arguments. */
  args: string[];
  /** Makes every other tool take this runtime too. */
  env: Record<string, string>;
};

/** The runtime to use on this machine, fetched where there is none; says on stderr when it is an older one. */
export function resolveElectron(): Promise<ElectronRuntime>;
