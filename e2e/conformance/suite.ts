/** The official conformance suite: fetched once by npx, and run one scenario at a time on the newer Node that it needs. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

const packages = ["node@24", "@modelcontextprotocol/conformance@0.2.0-alpha.12"];

export const revisions = ["2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof revisions)[number];
/** What is under test, in the suite's words. */
export type Leg = "client" | "server";

/** What is tested: its command or its address, for each revision. */
export type Tested = { target: (scenario: Scenario) => string; close: () => Promise<void> };

export type Scenario = { leg: Leg; revision: Revision; name: string; extension?: "tasks" };
/** How one scenario ended; `problems` is empty where it passed. */
export type Verdict = Scenario & {
  problems: string[];
  /** How many of its own checks held. */
  held: number;
  /** Checks that it did not make, and why. */
  skipped: string[];
};

type Check = { id: string; name: string; status: string; description: string; errorMessage?: string };

/** How long one scenario may take, milliseconds, of which the suite knows, and the whole process with it. */
const scenarioMs = 30_000;
const processMs = 60_000;

const execute = promisify(execFile);

export class Suite {
  #node: string;
  /** Where it is installed. */
  #folder: string;

  private constructor(node: string, folder: string) {
    this.#node = node;
    this.#folder = folder;
  }

  /** @throws where npx cannot get it */
  static async get(): Promise<Suite> {
    const found =
      "require('module').createRequire(process.execPath).resolve('@modelcontextprotocol/conformance/package.json')";
    const where = `JSON.stringify([process.execPath, ${found}])`;
    const wanted = packages.flatMap((name) => ["--package", name]);
    const { stdout } = await execute("npx", ["--yes", ...wanted, "--", "node", "-p", where], {
      timeout: 300_000,
    }).catch((cause: Error) => {
      const what = `npx could not get ${packages.join(" and ")}; it needs the package registry once.`;
      throw new Error(`${what}\n${cause.message}`, { cause });
    });
    const [node, manifest] = JSON.parse(stdout) as [string, string];
    return new Suite(node, dirname(manifest));
  }

  /** What conforming to a revision takes, as the suite froze it. */
  required(leg: Leg, revision: Revision): Scenario[] {
    const file = join(this.#folder, "requirements", `${revision}.yaml`);
    const sets = parse(readFileSync(file, "utf8")) as Record<Leg, string[]>;
    return sets[leg].map((name) => ({ leg, revision, name }));
  }

  /** @param target of a client, the command that starts it; of a server, its address */
  async run(scenario: Scenario, target: string): Promise<Verdict> {
    const { leg, revision, name, extension } = scenario;
    const results = mkdtempSync(join(tmpdir(), "switchgear-suite-"));
    const preload = ["--import", new URL("listen-on-loopback.mjs", sources).href];
    const options = ["--scenario", name, "--spec-version", revision, "--timeout", String(scenarioMs), "-o", results];
    // To the suite an extension is of no revision.
    if (extension) options.push("--force");
    const tested = [leg, leg === "client" ? "--command" : "--url", target];
    try {
      const ended = await execute(
        this.#node,
        [...preload, join(this.#folder, "dist/index.js"), ...tested, ...options],
        {
          timeout: processMs,
        },
      ).then(
        () => null,
        (error: { code?: unknown; killed?: boolean }) =>
          error.killed ? "timed out" : `exit code ${String(error.code)}`,
      );
      const checks = readChecks(results);
      const held = checks.filter(isOwn).length;
      const skipped = checks.filter(({ status }) => status === "SKIPPED").map(wordsOf);
      return { ...scenario, problems: problemsOf(checks, ended), held, skipped };
    } finally {
      rmSync(results, { recursive: true, force: true });
    }
  }
}

/** Where this file's neighbours are, seen from the bundle as well. */
const sources = new URL("../../e2e/conformance/", import.meta.url);

function readChecks(folder: string): Check[] {
  const file = readdirSync(folder, { recursive: true }).find((name) => String(name).endsWith("checks.json"));
  return file === undefined ? [] : (JSON.parse(readFileSync(join(folder, String(file)), "utf8")) as Check[]);
}

/** A scenario passes where the suite says so and at least one check of its own was made and held. */
function problemsOf(checks: readonly Check[], ended: string | null): string[] {
  const bad = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
  const told = bad.map(wordsOf);
  if (told.length > 0) return [...new Set(told)];
  if (ended !== null) return [ended];
  return checks.some(isOwn) ? [] : ["nothing was tested"];
}

/** That the messages fit the schema is checked in passing, whatever a scenario is about. */
function isOwn({ id, status }: Check): boolean {
  return status === "SUCCESS" && !id.startsWith("wire-schema-");
}

function wordsOf({ id, description, errorMessage }: Check): string {
  return `${id}: ${errorMessage ?? description}`;
}
