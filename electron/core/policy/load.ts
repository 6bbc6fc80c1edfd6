/** From the policy file on disk to a policy that can decide, or to everything that is wrong with it. */

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { policyFileSchema, type PolicyProblem } from "../../../shared/policy.ts";
import { explainIssues } from "../yaml/explain-issue.ts";
import { formatPath, readYaml } from "../yaml/yaml-source.ts";
import { compilePolicy, type LoadedPolicy } from "./loaded-policy.ts";

export type PolicyLoad = { ok: true; policy: LoadedPolicy } | { ok: false; problems: PolicyProblem[] };

/** With the text that was judged; `null` where none could be read. */
export type PolicyRead = PolicyLoad & { text: string | null };

const MAX_BYTES = 1_048_576;
const MAX_PROBLEMS = 50;

/** Reads and validates the file at `path`. A file that cannot be read is a problem like any other, never a throw. */
export function readPolicy(path: string): PolicyRead {
  let text: string;
  try {
    const stat = statSync(path);
    // Not even opened: a pipe would hold us until somebody writes to it.
    if (!stat.isFile()) return { text: null, ...unusable("this is not a file; put the policy file in its place") };
    if (stat.size > MAX_BYTES) return { text: null, ...unusable(tooLarge) };
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return { text: null, ...unusable(explainReadError(error as NodeJS.ErrnoException)) };
  }
  return { text, ...parsePolicy(text, path) };
}

/** @param path where the text comes from; nothing is read from there. */
export function parsePolicy(text: string, path: string): PolicyLoad {
  if (Buffer.byteLength(text) > MAX_BYTES) return unusable(tooLarge);
  const source = readYaml(text);
  if (source.problems.length > 0) return refuse(source.problems);
  if (source.value === null) return unusable("the file is empty; it needs at least default_permission");
  const parsed = policyFileSchema.safeParse(source.value);
  if (!parsed.success) {
    const faults = explainIssues(parsed.error.issues, source.value);
    return refuse(
      faults.map(({ path: at, message, ...fault }) => {
        const place = formatPath(at);
        return { message, ...source.locate(at, fault.at), ...(place !== "" && { path: place }) };
      }),
    );
  }
  const hash = createHash("sha256").update(text).digest("hex");
  return { ok: true, policy: compilePolicy(parsed.data, { path, hash }, (at) => source.locate(at, "key").line) };
}

const tooLarge = `the file is larger than ${MAX_BYTES / 1024} KiB`;

function unusable(message: string): PolicyLoad {
  return { ok: false, problems: [{ message, line: null, column: null }] };
}

/** In the order of the file, and no more than a person would read. */
function refuse(problems: readonly (PolicyProblem & { line: number; column: number })[]): PolicyLoad {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const shown: PolicyProblem[] = sorted.slice(0, MAX_PROBLEMS);
  const rest = sorted.length - shown.length;
  if (rest > 0) shown.push({ message: `and ${rest} more`, line: null, column: null });
  return { ok: false, problems: shown };
}

const forbidden = "the file may not be read; check its permissions";
const readErrors: Readonly<Record<string, string>> = {
  ENOENT: "the file does not exist; restore it, or copy the bundled one",
  EACCES: forbidden,
  EPERM: forbidden,
  ERR_ENCODING_INVALID_ENCODED_DATA: "the file is not UTF-8 text; save it in that encoding",
};

function explainReadError({ code, message }: NodeJS.ErrnoException): string {
  return readErrors[String(code)] ?? `the file cannot be read: ${message}`;
}
