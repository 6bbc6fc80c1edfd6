import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Ticket } from "../../../shared/approval.ts";
import { createSystemClock } from "../clock.ts";
import { createCore } from "../core.ts";
import { defaultPaths } from "../default-paths.ts";
import { MCPClientError } from "../errors.ts";
import type { Invoke } from "../invoke.ts";
import { silentLogger } from "../logger.ts";
import { Redactor } from "../secrets/redact.ts";
import type { Surroundings } from "./client-config.ts";
import { findPackage } from "./package-root.ts";

/** Where a core finds its servers and its policy, and where it keeps what happened. */
export type OpenCoreOptions = Surroundings & {
  /** The catalog folder, with servers and policy. Default: SWITCHGEAR_CATALOG, or the console's own. */
  catalog?: string;
  /** Where the journal and the tickets are kept. Default: SWITCHGEAR_DATA, or the console's own, which then shows them. */
  data?: string;
};

/** The part of a core that a program uses. */
export type LibraryCore = AsyncDisposable & {
  /** The path of every call: policy, rate limit, approval, retry, circuit, deadline, journal. A `ClientManager` that has this core calls it. */
  invoke: Invoke;
  /** The calls that wait for a person, and what a program may decide for one. */
  approvals: {
    /** Calls that wait for a person, oldest first; or those that no longer do, newest first. */
    list(state: "pending" | "resolved"): Promise<Ticket[]>;
    /**
     * @param approval `args`: sent instead of what was asked for; the caller reads so in the result's `_meta` (`editedMetaKey`).
     * @throws MCPClientError `already_resolved` where another verdict came first, `not_found`; `invalid_arguments`, `policy_denied`
     * and others where the changed arguments could not be sent.
     */
    approve(id: string, by: string, approval?: { args?: Record<string, unknown> }): Promise<Ticket>;
    /** @param reason what the caller reads. @throws as `approve`, and `bad_request` without a reason. */
    deny(id: string, by: string, reason: string): Promise<Ticket>;
  };
  /** Closes sessions, interrupts what waits and writes the journal. */
  close(): Promise<void>;
};

/**
 * Opens a core, which applies the catalog's policy and its approvals to every call and records it. Servers are connected as they are
 * called. MAGSAG_MCP_ENABLED governs it where it is set; else the console's switch does, which is off at first.
 *
 * @throws MCPClientError `config_invalid` where the data or the catalog folder cannot be made.
 */
export async function openCore(options: OpenCoreOptions = {}): Promise<LibraryCore> {
  const { env = process.env, logger = silentLogger, catalog, data } = options;
  const { root, version } = findPackage();
  const paths = defaultPaths(root, data === undefined ? env : { ...env, SWITCHGEAR_DATA: data }, catalog);
  mkdirSync(paths.data, { recursive: true });
  const core = await createCore(
    {
      ...{ clock: createSystemClock(), logger, env, version },
      paths: { ...paths, bundledCatalog: join(root, "catalog") },
      nodeRuntime: { command: process.execPath, env: {} },
      startFaultLab: () => Promise.reject(noFaultLab()),
      runtime: `Node ${process.versions.node}`,
    },
    new Redactor(),
    { connect: "on-demand" },
  );
  const { invoke, approvals: inbox, desk } = core;
  const approvals: LibraryCore["approvals"] = {
    list: async (state) => inbox.list(state),
    approve: (id, by, approval) => desk.approve(id, by, { args: approval?.args }),
    deny: (id, by, reason) => desk.deny(id, by, reason),
  };
  return { invoke, approvals, close: () => core.close(), [Symbol.asyncDispose]: () => core.close() };
}

function noFaultLab(): MCPClientError {
  return new MCPClientError("config_invalid", "The fault lab comes with the console, not with the library.", {
    hint: "Start the console, or remove the servers that use it.",
  });
}
