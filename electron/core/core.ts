import { homedir } from "node:os";
import { join } from "node:path";
import type { ServerMetrics } from "../../shared/invocation.ts";
import type { AppStatus } from "../../shared/status.ts";
import { ApprovalTime } from "./approval-time.ts";
import { ArgumentCheck } from "./argument-check.ts";
import { circuitEntry, recordSwitch } from "./audit-entries.ts";
import { AuditKeeper } from "./audit-keeper.ts";
import { Catalog } from "./catalog/catalog.ts";
import { ensureCatalog } from "./catalog/ensure-catalog.ts";
import { ServerSwitch } from "./catalog/server-switch.ts";
import { shareCircuitsOrTell } from "./circuit-sharing.ts";
import { Endpoints } from "./endpoints.ts";
import { noteUnknownEnvironment } from "./environment-notice.ts";
import { CoreEvents } from "./events.ts";
import { AccessTokens } from "./http/access-tokens.ts";
import { ServerImports } from "./import/server-imports.ts";
import { createInvoke, type Invoke } from "./invoke.ts";
import type { AuditChain } from "./journal/journal.ts";
import { Metrics } from "./journal/metrics.ts";
import { LazyFaultLab, provideOrTell } from "./lazy-fault-lab.ts";
import { Notices } from "./notices.ts";
import { SignIns } from "./oauth/sign-ins.ts";
import { openOffers, type Offers } from "./offers/offers.ts";
import { openAlerts, type Alerting } from "./open-alerts.ts";
import { openApprovals, type Approvals } from "./open-approvals.ts";
import { openPins } from "./open-pins.ts";
import { tellQuarantine } from "./pins/quarantine-notice.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import { PolicyStore } from "./policy/policy-store.ts";
import type { Clock, Ports } from "./ports.ts";
import { openDatabases } from "./postgres/open-databases.ts";
import { isProcessAlive, processIdentity } from "./process-identity.ts";
import { AdaptiveTimeouts } from "./resilience/adaptive-timeouts.ts";
import { Circuits } from "./resilience/circuits.ts";
import { RateLimiter } from "./resilience/rate-limiter.ts";
import { RetryBudgets } from "./resilience/retry-budgets.ts";
import { readStatus } from "./read-status.ts";
import { openRecords, type CallRecords } from "./records/open-records.ts";
import { reporting, type Report } from "./report-call.ts";
import { RunningCalls } from "./running-calls.ts";
import type { Redactor } from "./secrets/redact.ts";
import { Vault } from "./secrets/vault.ts";
import { ServerManager } from "./servers/manager.ts";
import { NetworkWatch } from "./servers/network-watch.ts";
import { ProcessLedger } from "./servers/process-ledger.ts";
import { SettingsStore } from "./settings-store.ts";
import { signInMeans } from "./sign-in-means.ts";
import { StatusBoard } from "./status-board.ts";
import { Telemetry } from "./telemetry/telemetry.ts";
import { ToolViews } from "./tool-views.ts";
import { followVault } from "./vault-view.ts";
import { WhatIf } from "./what-if.ts";

export type CoreOptions = {
  /** `all` connects every enabled server; `on-demand` connects a server when it is first called. Default `all`. */
  connect?: "all" | "on-demand";
  /** Opens the endpoints that the settings switch on. Default `false`. */
  listen?: boolean;
};

type Records = Approvals & CallRecords;

/** Everything behind the screens, the command line and the library. */
export type Core = Records & {
  clock: Clock;
  events: CoreEvents;
  settings: SettingsStore;
  notices: Notices;
  policy: PolicyStore;
  servers: ServerManager;
  circuits: Circuits;
  signIns: SignIns;
  tools: ToolViews;
  offers: Offers;
  pins: ToolPins;
  access: AccessTokens;
  endpoints: Endpoints;
  alerting: Alerting;
  audit: AuditChain;
  auditKeeper: AuditKeeper;
  running: RunningCalls;
  whatIf: WhatIf;
  vault: Vault;
  imports: ServerImports;
  serverSwitch: ServerSwitch;
  folders: { catalog: string; policy: string; data: string };
  invoke: Invoke;
  /** Makes a call and tells how it ended, however it ended. */
  report: Report;
  metrics(): ServerMetrics[];
  status(): AppStatus;
  /** Looks at every connection and circuit anew, as after sleep or a change of network. */
  wake(): void;
  /** Closes sessions, interrupts what waits and writes the journal; in order, and once. */
  close(): Promise<void>;
};

/**
 * Wires every part. What cannot be used is told by the status and refuses calls in words; it does not keep the rest from working.
 * @throws where the data or the catalog folder cannot be made.
 */
export async function createCore(
  ports: Ports,
  redactor: Redactor,
  { connect = "all", listen = false }: CoreOptions = {},
): Promise<Core> {
  const { clock, logger, paths, env } = ports;
  const folders = { catalog: paths.catalog, policy: join(paths.catalog, "policies"), data: paths.data };
  const events = new CoreEvents(logger);
  await ensureCatalog(paths.bundledCatalog, paths.catalog);
  const catalog = await Catalog.open({ folder: paths.catalog, clock, logger });
  const policy = new PolicyStore(join(folders.policy, "mcp_permissions.yaml"), { clock, logger });

  const recording = { clock, logger, env, events, redactor };
  const { database, notice, postgres, journalFile } = openDatabases(join(paths.data, "journal.sqlite"), recording);
  const ownership = { owner: processIdentity(), isOwnerAlive: isProcessAlive };
  const vault = new Vault({
    ...{ ...ports, dataFolder: paths.data, redactor, ...ownership, targetOf: (id) => servers.secretTarget(id) },
    record: (...entry) => auditKeeper.log.append(...entry),
  });
  const auditKeeper: AuditKeeper = new AuditKeeper({ database, postgres, clock, events, logger, redactor, vault });
  const audit = auditKeeper.log;
  const settings = new SettingsStore(join(paths.data, "settings.json"), ports, events, auditKeeper.recordSettings);
  const telemetry = new Telemetry({ events, logger, version: ports.version }, settings.view());
  const board = new StatusBoard(status, clock, events);
  const statusChanged = () => board.touch();
  const { journal, retention, transitions, ...records } = openRecords({
    ...{ database, postgres, clock, events, logger, redactor, ...ownership, limits: () => settings.view().retention },
    ...{ alongside: auditKeeper.alongside, keepsPayloads: () => policy.file()?.audit.log_all_invocations ?? true },
    observe: (row, step) => telemetry.step(row, step),
    onChange: statusChanged,
  });
  const pins = openPins({ database, postgres, clock, events, logger, audit });
  const metrics = new Metrics(clock);
  const running = new RunningCalls();

  const notices = new Notices(statusChanged);
  for (const each of [...settings.notices, ...(notice ? [notice] : [])]) notices.add(each);
  const shared = shareCircuitsOrTell({ clock, logger, env, redactor }, notices);
  const circuits = new Circuits({
    ...{ clock, events, logger, createStore: shared.createStore },
    onTransition: (transition) => {
      if (transition.invocationId) {
        running.record(transition.invocationId)?.step({ kind: "circuit", at: transition.at, transition });
      }
      // Another instance's is in its own journal.
      if (transition.instance === undefined) transitions.add(transition);
    },
    onOrder: (order) => audit.append(`circuit.${order.action}`, circuitEntry(order)),
  });
  const faultLab = new LazyFaultLab(() => ports.startFaultLab());
  const ledger = new ProcessLedger({ dataFolder: paths.data, clock, logger });
  const servers: ServerManager = new ServerManager({
    ...{ clock, events, connect },
    version: ports.version,
    enabled: settings.mcpEnabled,
    onProcess: (pid) => ledger.add(pid),
    signInState: (id) => signIns.state(id),
    subscriptions: () => offers.subscriptions,
    onTools: (server, tools) => pins.observe(server, tools),
    target: {
      ...{ env, redactor, vault },
      credentialsFor: (config, url) => signIns.credentialsFor(config, url),
      nodeRuntime: ports.nodeRuntime,
      placeholders: () => ({ ...faultLab.placeholders(), app: paths.app, home: homedir(), catalog: paths.catalog }),
    },
  });
  const signIns: SignIns = new SignIns({
    ...signInMeans({ clock, env, vault, redactor, settings, audit, targetOf: (id) => servers.secretTarget(id) }),
    onChange: (id) => servers.refresh(id),
    resolve: (id) => servers.resolve(id),
    connect: (id) => servers.connect(id),
    disconnect: (id, reason) => servers.disconnect(id, reason),
  });
  const limiter = new RateLimiter(clock, policy.file()?.rate_limits ?? { servers: {} });
  const argumentCheck = new ArgumentCheck();
  const budgets = new RetryBudgets(clock);
  const adaptive = new AdaptiveTimeouts(events);
  const judged = { settings, policy, pins, servers, argumentCheck, circuits, adaptive };
  const kept = { database, postgres, clock, events, logger, audit, ...ownership };
  const { approvals, grants, desk, questions } = openApprovals({ ...kept, ...judged, redactor });
  const alertParts = { audit, policy, approvals, journal, vault, redactor, notices };
  const alerting = openAlerts({ ...ports, ...alertParts, database, events });

  const approvalTime = new ApprovalTime(env, policy, notices);
  const judges = { ...judged, grants };
  const offers = openOffers({ ...judged, clock, events, logger, redactor });
  const invoke = createInvoke({
    ...{ ...judges, clock, events, redactor, limiter, approvals, questions, approvalTime },
    ...{ budgets, journal, audit, metrics, running },
  });

  const access = new AccessTokens({ database, clock, events, record: (...entry) => audit.append(...entry) });
  const endpoints = new Endpoints({
    ...{ clock, logger, events, settings, servers, pins, offers, invoke, access, redactor, listen, ports },
    ...{ approvals, grants, desk, questions, circuits, status, version: ports.version },
  });

  tellQuarantine({ pins, notices, events });
  const checkEnvironment = () => noteUnknownEnvironment({ settings, policy, notices });

  function status(): AppStatus {
    const parts = { ports, settings, policy, catalog, journal, approvals, approvalTime, circuits, pins };
    return readStatus({ ...parts, journalFile, questions, notices, circuitSharing: shared.sharing() });
  }

  /** Makes the servers those of the catalog, with a circuit each. */
  async function applyCatalog(): Promise<void> {
    if (settings.mcpEnabled) await provideFaultLab();
    // Read once the lab is there, as the catalog may have changed meanwhile, and applied in one go.
    const wanted = catalog.servers();
    const ids = new Set(wanted.map(({ config }) => config.id));
    for (const { server } of circuits.list()) {
      if (ids.has(server)) continue;
      for (const part of [circuits, budgets, adaptive]) part.remove(server);
      metrics.forget(server);
      signIns.forget(server);
    }
    for (const { config } of wanted) circuits.configure(config.id, config.circuit_breaker);
    servers.apply(wanted);
    statusChanged();
  }

  const provideFaultLab = () => provideOrTell(faultLab, catalog.servers(), notices);

  /** Follows the master switch. */
  async function applySwitch(): Promise<void> {
    if (settings.mcpEnabled) await provideFaultLab();
    else for (const part of [running, signIns]) part.cancelAll("MCP was switched off");
    await servers.setEnabled(settings.mcpEnabled);
  }

  catalog.onChange(() => void applyCatalog());
  followVault(vault, servers, events);
  policy.onChange((current) => {
    const file = policy.file();
    // While the file is invalid every call is refused, and what was counted must still count when it is valid again.
    if (file) limiter.configure(file.rate_limits);
    checkEnvironment();
    auditKeeper.policyIs(current, policy.text());
    events.emit("policy.changed", current);
  });
  events.on("settings.changed", () => {
    checkEnvironment();
    void applySwitch();
  });
  checkEnvironment();
  auditKeeper.policyIs(policy.current(), policy.text());
  await Promise.all([ledger.sweep(), shared.start(), postgres?.start()]);
  await applyCatalog();
  await endpoints.apply();

  function wake(): void {
    void vault.refresh();
    circuits.revisit();
    servers.checkNow();
  }
  const network = new NetworkWatch(clock, wake);

  let closing: Promise<void> | undefined;
  async function closeInOrder(): Promise<void> {
    const asked = approvals.close();
    for (const part of [running, signIns]) part.cancelAll("Switchgear stopped");
    const told = (error: unknown) => logger.error("A part of Switchgear did not close in order.", { error });
    await endpoints.close().catch(told);
    await asked;
    await Promise.all([alerting.close(), servers.close(), catalog.close().catch(told), policy.close().catch(told)]);
    await faultLab.close().catch(told);
    ledger.close();
    await journal.close().catch(told);
    pins[Symbol.dispose]();
    await Promise.all([retention.close(), telemetry.close()]);
    await auditKeeper.close();
    await vault.close();
    circuits[Symbol.dispose]();
    await Promise.all([shared.close(), postgres?.close()]);
    for (const part of [board, network]) part[Symbol.dispose]();
    database.close();
  }

  return {
    ...{ clock, events, settings, notices, policy, servers, circuits, signIns, pins, approvals, grants, desk, offers },
    ...{ questions, access, alerting, endpoints, audit, auditKeeper, running, vault, folders, invoke, status },
    ...{ journal, ...records },
    tools: new ToolViews(judges),
    imports: new ServerImports({ catalog, vault, env }),
    serverSwitch: new ServerSwitch(catalog, (...change) => recordSwitch(audit, ...change)),
    whatIf: new WhatIf({ clock, journal, policy, pins, servers, settings }),
    report: reporting(invoke),
    metrics: () => servers.list().map(({ id }) => metrics.snapshot(id)),
    wake,
    close: () => (closing ??= closeInOrder()),
  };
}
