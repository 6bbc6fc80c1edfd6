import type { z } from "zod";
import type { procedures, ProcedureName, ProcedureOutput } from "../../shared/contract.ts";
import type { DesktopView } from "../../shared/desktop.ts";
import type { Core } from "../core/core.ts";
import { previewView } from "../core/gateway/preview-view.ts";
import { promptCall, readCall } from "../core/offers/offer-calls.ts";
import { OwnSubscriptions } from "../core/offers/own-subscriptions.ts";
import { readVault } from "../core/vault-view.ts";

type Input<N extends ProcedureName> = z.output<(typeof procedures)[N]["input"]>;

/** One handler a procedure: a missing or a wrong one does not compile. */
export type Handlers = {
  [N in ProcedureName]: (input: Input<N>) => ProcedureOutput<N> | Promise<ProcedureOutput<N>>;
};

/** What the handlers ask of the desktop. */
export type Desktop = {
  openLink(url: string): Promise<boolean>;
  /** Opens an address of the core's own in the person's browser. */
  openBrowser(url: string): Promise<void>;
  revealFolder(path: string): Promise<void>;
  /** Asks the person where a new file goes; `null` where they do not say. @param name what it is called unless they say otherwise */
  nameFile(name: string): Promise<string | null>;
  /** Asks the person for a file; `null` where none was chosen. */
  chooseFile(): Promise<string | null>;
  view(): DesktopView;
  /** @throws MCPClientError where the system does not take it */
  startAtLogin(on: boolean): DesktopView;
  updates: { check(): Promise<void>; download(): Promise<void>; install(): void };
  /** Masks the secrets in what a window is shown. */
  mask<T>(value: T): T;
};

/** How a person at the console is named in records. */
const operator = "console";

export function createHandlers(core: Core, desktop: Desktop): Handlers {
  const { offers } = core;
  const subscriptions = new OwnSubscriptions(offers.subscriptions, operator);
  return {
    "app.status": () => core.status(),
    "app.revealFolder": ({ folder }) => desktop.revealFolder(core.folders[folder]),
    "app.openLink": async ({ url }) => ({ opened: await desktop.openLink(url) }),
    "notices.dismiss": ({ id }) => core.notices.dismiss(id),

    "alerts.list": () => core.alerting.alerts.list(),
    "alerts.dismiss": ({ ids }) => core.alerting.alerts.dismiss(ids, operator),
    "alerts.webhookKey": async ({ renew }) => ({ key: await core.alerting.webhookKey.show(operator, { renew }) }),

    "settings.get": () => core.settings.view(),
    "settings.set": (change) => core.settings.set(change, operator),

    "desktop.get": () => desktop.view(),
    "desktop.startAtLogin": ({ on }) => desktop.startAtLogin(on),

    "updates.check": () => desktop.updates.check(),
    "updates.download": () => desktop.updates.download(),
    "updates.install": () => desktop.updates.install(),

    "vault.get": () => readVault(core.vault, core.servers),
    "vault.refresh": async () => {
      await core.vault.refresh();
      return readVault(core.vault, core.servers);
    },
    "vault.set": ({ name, value, servers }) => core.vault.set(name, value, { servers, by: operator }),
    "vault.bind": ({ name, servers }) => core.vault.bind(name, servers, operator),
    "vault.allow": async ({ name, server, hash }) => void (await core.vault.allow(name, server, operator, hash)),
    "vault.remove": ({ name }) => core.vault.remove(name, operator),

    "servers.list": () => core.servers.list(),
    "servers.connect": ({ server }) => core.servers.connect(server),
    "servers.disconnect": ({ server }) => core.servers.disconnect(server),
    "servers.setEnabled": ({ server, enabled }) => core.serverSwitch.set(server, enabled, operator),
    "servers.log": ({ server }) => core.servers.log(server),

    "imports.find": () => core.imports.find(),
    "imports.open": ({ file }) => core.imports.previewFound(file),
    "imports.choose": async () => {
      const file = await desktop.chooseFile();
      return file === null ? null : core.imports.preview(file);
    },
    "imports.apply": ({ id, servers }) => core.imports.apply(id, servers, operator),

    "signIn.begin": ({ server }) => core.signIns.begin(server, operator),
    "signIn.open": async ({ server }) => {
      const finished = core.signIns.finished(server);
      await desktop.openBrowser(core.signIns.address(server));
      await finished;
    },
    "signIn.cancel": ({ server }) => core.signIns.cancel(server),
    "signIn.signOut": ({ server }) => core.signIns.signOut(server, operator),

    "circuits.list": () => core.circuits.list(),
    "circuits.reset": ({ server, tool, why }) => core.circuits.reset(server, tool, { who: operator, why }),
    "circuits.trip": ({ server, tool, why }) => core.circuits.trip(server, tool, { who: operator, why }),
    "circuits.probe": ({ server, tool, why }) => core.circuits.probe(server, tool, { who: operator, why }),

    "tools.list": () => core.tools.list(operator),
    "tools.call": async ({ id, ...call }) => {
      const report = await core.report({ id, client: operator, ...call });
      return { ...report, result: desktop.mask(report.result) };
    },
    "tools.cancel": ({ id }) => core.running.cancel(id),
    "tools.preview": (call) => core.tools.preview({ client: operator, ...call, tool: call.method ?? call.tool }),

    "resources.list": () => offers.views.resources(operator),
    "resources.templates": () => offers.views.resourceTemplates(operator),
    "resources.read": async (resource) => {
      const report = await core.report(readCall({ client: operator, ...resource }));
      return { ...report, result: desktop.mask(report.result) };
    },
    "resources.subscribe": (resource) => subscriptions.add(resource),
    "resources.unsubscribe": (resource) => subscriptions.remove(resource),
    "resources.subscriptions": () => subscriptions.list(),

    "prompts.list": () => offers.views.prompts(operator),
    "prompts.get": async (prompt) => {
      const report = await core.report(promptCall({ client: operator, ...prompt }));
      return { ...report, result: desktop.mask(report.result) };
    },
    "completions.complete": (request) => offers.complete({ client: operator, ...request }),

    "requests.list": () => core.requests.list(),
    "requests.save": (request) => core.requests.save(request),
    "requests.rename": ({ id, name }) => core.requests.rename(id, name),
    "requests.remove": ({ id }) => core.requests.remove(id),

    "pins.list": () => core.pins.list(new Set(core.servers.list().map(({ id }) => id))),
    "pins.get": ({ server, tool }) => core.pins.detail(server, tool),
    "pins.accept": ({ server, tools, why }) => core.pins.accept(server, tools, { by: operator, why }),
    "pins.block": ({ server, tools, why }) => core.pins.block(server, tools, { by: operator, why }),

    "approvals.list": ({ state }) => core.approvals.list(state),
    "approvals.approve": ({ id, ...approval }) => core.desk.approve(id, operator, approval),
    "approvals.deny": ({ id, reason }) => core.desk.deny(id, operator, reason),
    "approvals.decideMany": ({ ids, verdict }) => core.desk.decideMany(ids, operator, verdict),

    "questions.list": () => core.questions.list(),
    "questions.answer": ({ id, answer }) => core.questions.answer(id, answer),

    "grants.list": () => core.grants.list(),
    "grants.revoke": ({ id, why }) => core.grants.revoke(id, operator, why),

    "access.list": ({ area }) => core.access.list(area),
    "access.create": ({ area, name }) => core.access.create(area, name, operator),
    "access.setView": ({ id, view }) => core.access.setView(id, view, operator),
    "access.preview": ({ sees }) => previewView(core.servers, sees),
    "access.revoke": ({ id }) => core.access.revoke(id, operator),
    "endpoints.list": () => core.endpoints.list(),
    "endpoints.bridge": () => core.endpoints.bridge(),

    "invocations.list": ({ filter, cursor, limit }) => core.journal.list(filter, cursor, limit),
    "invocations.chart": (request) => core.journal.chart(request),
    "invocations.get": ({ id }) => core.journal.get(id),

    "invocations.export": async ({ id, filter, format }) => {
      const day = new Date(core.clock.wallNow()).toISOString().slice(0, 10);
      const file = await desktop.nameFile(`switchgear-calls-${day}.${format}`);
      return { file, calls: file === null ? 0 : await core.exports.toFile(id, file, { filter, format }) };
    },
    "invocations.cancelExport": ({ id }) => core.exports.cancel(id),

    "audit.list": ({ filter, before, limit }) => core.audit.list(filter, before, limit),
    "audit.verify": () => core.auditKeeper.verify(),
    "audit.export": async () => {
      const day = new Date(core.clock.wallNow()).toISOString().slice(0, 10);
      const file = await desktop.nameFile(`switchgear-audit-${day}.jsonl`);
      return { file, records: file === null ? 0 : await core.auditKeeper.exportTo(file) };
    },

    "metrics.servers": () => core.metrics(),

    "policy.replay": ({ text, from, to }) => core.whatIf.replay(text, from, to),
    "policy.explain": ({ text, call }) => core.whatIf.explain(text, call),
    "policy.levels": ({ text }) => core.whatIf.levels(text, operator),
    "policy.check": ({ text }) => ({ problems: core.whatIf.check(text) }),
    "policy.save": ({ text, was, evenInvalid }) => {
      const problems = evenInvalid ? [] : core.whatIf.check(text);
      if (problems.length > 0) return { result: "invalid", problems };
      return { result: core.policy.save(text, was) ? "saved" : "changed_meanwhile" };
    },
    "policy.get": () => ({ status: core.policy.current(), text: core.policy.text() }),
  };
}
