/** What others wrote, for the journeys with it: fetched once into the cache, each file held against the hash in the lock file. */
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export type OtherPackages = {
  /** A Node that is new enough for them. */
  node: string;
  /** Where they are installed. */
  folder: string;
};

const manifests = join(import.meta.dirname, "packages");
const neededMajor = 24;
const newerNode = `node@${neededMajor}`;
const fetchMs = 300_000;

const execute = promisify(execFile);

/** @throws where the package registry cannot be reached and the cache does not have them */
export async function fetchPackages(): Promise<OtherPackages> {
  try {
    const [node, folder] = await Promise.all([findNode(), install()]);
    return { node, folder };
  } catch (cause) {
    const message = "The clients and servers of others could not be fetched; that needs the package registry once.";
    throw new Error(`${message}\n${(cause as Error).message}`, { cause });
  }
}

async function findNode(): Promise<string> {
  if (Number(process.versions.node.split(".")[0]) >= neededMajor) return process.execPath;
  const { stdout } = await execute("npx", ["--yes", "--package", newerNode, "--", "node", "-p", "process.execPath"], {
    timeout: fetchMs,
  });
  return stdout.trim();
}

async function install(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "switchgear");
  const lock = readFileSync(join(manifests, "package-lock.json"));
  const folder = join(cache, `other-clients-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const work = join(cache, `making-${randomUUID()}`);
  mkdirSync(work, { recursive: true });
  try {
    cpSync(manifests, work, { recursive: true });
    await execute("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: work, timeout: fetchMs });
    moveInto(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

/** The whole folder at once; another run may have been faster. */
function moveInto(work: string, folder: string): void {
  try {
    renameSync(work, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
