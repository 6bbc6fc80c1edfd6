import { realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { watch, type FSWatcher } from "chokidar";
import type {
  InvalidPolicyStatus,
  PolicyDecision,
  PolicyFile,
  PolicyProblem,
  PolicyQuestion,
  PolicyStatus,
  ValidPolicyStatus,
} from "../../../shared/policy.ts";
import { MCPClientError } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";
import { DecisionCache } from "./decision-cache.ts";
import { parsePolicy, readPolicy } from "./load.ts";
import type { LoadedPolicy } from "./loaded-policy.ts";

/** Without a valid policy nothing is decided: the caller refuses with `policy_invalid`. */
export type PolicyAnswer = { ok: true; decision: PolicyDecision } | { ok: false; status: InvalidPolicyStatus };

/** Replaced as a whole, so that a decision sees one file or the next and never a mixture. */
type Snapshot = { readonly text: string | null } & (
  | { readonly status: ValidPolicyStatus; readonly policy: LoadedPolicy; readonly decisions: DecisionCache }
  | { readonly status: InvalidPolicyStatus; readonly policy: null }
);

/** A file must have been quiet for this long before it is judged, since an editor may write it in pieces. */
const SETTLE_MS = 100;
/** A file that never is quiet is judged after this long all the same. */
const MAX_SETTLE_MS = 1000;

/** The policy in force: what the file says, for as long as it says so. A file that cannot be used puts no older one in its place. */
export class PolicyStore {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listeners = new Set<(status: PolicyStatus) => void>();
  #snapshot: Snapshot;
  #watcher: FSWatcher | undefined;
  #watching: Promise<void> = Promise.resolve();
  #settling: Disposable | undefined;
  #changedAt: number | undefined;

  /** Reads the file at once, and then whenever it changes. */
  constructor(path: string, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#path = resolve(path);
    this.#clock = clock;
    this.#logger = logger;
    this.#snapshot = this.#read();
    this.#watch();
  }

  current(): PolicyStatus {
    return this.#snapshot.status;
  }

  decide(question: PolicyQuestion): PolicyAnswer {
    const snapshot = this.#snapshot;
    if (!snapshot.policy) return { ok: false, status: snapshot.status };
    return { ok: true, decision: snapshot.decisions.decide(question) };
  }

  /** Whether the decision could be another for other arguments; `false` while there is no valid policy. */
  dependsOnArguments(question: PolicyQuestion): boolean {
    const snapshot = this.#snapshot;
    return snapshot.policy !== null && snapshot.decisions.dependsOnArguments(question);
  }

  /** The whole file, defaults filled in, for the parts that are acted on elsewhere; `null` while it is invalid. */
  file(): PolicyFile | null {
    return this.#snapshot.policy?.file ?? null;
  }

  /** The text that `current()` speaks of; `null` where none could be read. */
  text(): string | null {
    return this.#snapshot.text;
  }

  /** Hears of every change of `current()`. A listener that throws is logged and harms no other. */
  onChange(listener: (status: PolicyStatus) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Reads the file now, and watches it again if that had failed. */
  reload(): PolicyStatus {
    this.#stopSettling();
    if (!this.#watcher) this.#watch();
    this.#replace(this.#read());
    return this.current();
  }

  /**
   * Writes the file anew, whole or not at all, and judges by it from then on.
   * @param change of the text as it stands now
   * @throws MCPClientError `policy_invalid` where the file cannot be used, or could not any more, `config_invalid` where it cannot be
   * written; it is then as it was
   */
  rewrite(change: (text: string) => string): void {
    const now = readPolicy(this.#path);
    if (!now.ok) throw leftAsItIs(now, ({ line }) => `Correct the file first${line ? `, line ${line}` : ""}.`);
    const text = change(now.text as string);
    const load = parsePolicy(text, this.#path);
    if (!load.ok) throw leftAsItIs(load, () => "Write the rule into the file by hand.");
    this.#write(text);
  }

  /**
   * Puts a text in the place of the one that it was made from, valid or not, and judges by it from then on.
   * @param was what the file said when the text was begun
   * @returns `false` where it says something else by now; it is then left as it is
   * @throws MCPClientError `config_invalid` where it cannot be written; it is then as it was
   */
  save(text: string, was: string): boolean {
    if (readPolicy(this.#path).text !== was) return false;
    this.#write(text);
    return true;
  }

  /** Resolves once a change of the file is sure to be noticed. */
  ready(): Promise<void> {
    return this.#watching;
  }

  async close(): Promise<void> {
    this.#stopSettling();
    this.#listeners.clear();
    await this.#watcher?.close();
  }

  /** The whole file or nothing. */
  #write(text: string): void {
    try {
      const file = realpathSync(this.#path);
      const temporary = `${file}.new`;
      writeFileSync(temporary, text, { mode: statSync(file).mode, flush: true });
      renameSync(temporary, file);
    } catch (cause) {
      throw new MCPClientError("config_invalid", `The policy file ${this.#path} could not be written.`, {
        hint: "Check that its folder is writable and the disk is not full.",
        cause,
      });
    }
    this.reload();
  }

  /** Watches the folder, so that a file that is replaced, removed or not there yet is seen too. */
  #watch(): void {
    const folder = dirname(this.#path);
    const watcher = watch(folder, { depth: 0, ignored: (path) => path !== folder && path !== this.#path });
    this.#watcher = watcher;
    watcher.on("all", () => this.#noticeChange());
    this.#watching = new Promise((done) => {
      watcher.once("ready", () => {
        this.#noticeChange();
        done();
      });
      watcher.on("error", (error) => {
        if (this.#watcher === watcher) this.#loseWatch(watcher, error);
        done();
      });
    });
  }

  #noticeChange(): void {
    const now = this.#clock.now();
    const changedAt = (this.#changedAt ??= now);
    this.#settling?.[Symbol.dispose]();
    const delayMs = Math.max(0, Math.min(SETTLE_MS, changedAt + MAX_SETTLE_MS - now));
    this.#settling = this.#clock.schedule(delayMs, () => void this.reload());
  }

  #stopSettling(): void {
    this.#settling?.[Symbol.dispose]();
    this.#settling = undefined;
    this.#changedAt = undefined;
  }

  /** Whether the file still says the same is no longer known, so it counts as invalid. */
  #loseWatch(watcher: FSWatcher, error: unknown): void {
    this.#watcher = undefined;
    this.#stopSettling();
    const reason = error instanceof Error ? error.message : String(error);
    const message = `changes of the file can no longer be seen (${reason}); reload the policy, or restart`;
    this.#replace({ text: this.#snapshot.text, ...this.#refuse([{ message, line: null, column: null }]) });
    watcher
      .close()
      .catch((cause: unknown) => this.#logger.warn("The policy's watcher did not close.", { error: cause }));
  }

  #read(): Snapshot {
    const load = readPolicy(this.#path);
    if (!load.ok) return { text: load.text, ...this.#refuse(load.problems) };
    const { policy, text } = load;
    const status: ValidPolicyStatus = {
      state: "valid",
      file: this.#path,
      loadedAt: this.#clock.wallNow(),
      hash: policy.hash,
      defaultPermission: policy.file.default_permission,
      environments: [...policy.environments.keys()],
      ruleCount: policy.ruleCount,
    };
    return { text, status, policy, decisions: new DecisionCache(policy) };
  }

  #refuse(problems: PolicyProblem[]): { status: InvalidPolicyStatus; policy: null } {
    return {
      status: { state: "invalid", file: this.#path, loadedAt: this.#clock.wallNow(), problems },
      policy: null,
    };
  }

  #replace(next: Snapshot): void {
    if (isSame(this.#snapshot, next)) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) {
      try {
        listener(next.status);
      } catch (error) {
        this.#logger.error("A listener to the policy failed.", { error });
      }
    }
  }
}

/** The same text, judged the same, whenever that was. */
function isSame(a: Snapshot, b: Snapshot): boolean {
  return a.text === b.text && findings(a) === findings(b);
}

function findings({ status }: { status: { state: string; problems?: PolicyProblem[] } }): string | undefined {
  return JSON.stringify(status.problems);
}

/** @param hint says of the first problem what to do about it */
function leftAsItIs({ problems }: { problems: PolicyProblem[] }, hint: (problem: PolicyProblem) => string): Error {
  const problem = problems[0]!;
  const message = `The policy file was left as it is: ${problem.message}.`;
  return new MCPClientError("policy_invalid", message, { hint: hint(problem) });
}
