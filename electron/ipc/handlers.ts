import type { z } from "zod";
import type { procedures, ProcedureName, ProcedureOutput } from "../../shared/contract.ts";
import type { Core } from "../core/core.ts";
import { previewView } from "../core/gateway/preview-view.ts";
import { promptCall, readCall } from "../core/offers/offer-calls.ts";
import { OwnSubscriptions } from "../core/offers/own-subscriptions.ts";
import { readVault } from "../core/vault-view.ts";
import type { Surroundings } from "./surroundings.ts";

type Input<N extends ProcedureName> = z.output<(typeof procedures)[N]["input"]>;

/** One handler a procedure: a missing or a wrong one does not compile. */
export type Handlers = {
  [N in ProcedureName]: (input: Input<N>) => ProcedureOutput<N> | Promise<ProcedureOutput<N>>;
};

/** @param subscriptions to resources, which whoever hands them in ends */
export function createHandlers(
  core: Core,
  around: Surroundings,
  subscriptions = new OwnSubscriptions(core.offers.subscriptions, around.operator),
): Handlers {
  const { offers } = core;
  const { operator } = around;
  return {
    "app.status": () => core.status(),
    "app.revealFolder": ({ folder }) => around.revealFolder(core.folders[folder]),
    "app.openLink": async ({ url }) => ({ opened: await around.openLink(url) }),
    "notices.dismiss": ({ id }) => core.notices.dismiss(id),

    "alerts.list": () => core.alerting.alerts.list(),
    "alerts.dismiss": ({ ids }) => core.alerting.alerts.dismiss(ids, operator),
    "alerts.webhookKey": async ({ renew }) => ({ key: await core.alerting.webhookKey.show(operator, { renew }) }),

    "settings.get": () => core.settings.view(),
    "settings.set": (change) => core.settings.set(change, operator),

    "desktop.get": () => around.view(),
    "desktop.startAtLogin": ({ on }) => around.startAtLogin(on),

    "updates.check": () => around.updates.check(),
    "updates.download": () => around.updates.download(),
    "updates.install": () => around.updates.install(),

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
      const chosen = await around.chooseFile();
      if (chosen === null) return null;
      return "path" in chosen ? core.imports.preview(chosen.path) : core.imports.previewText(chosen);
    },
    "imports.apply": ({ id, servers }) => core.imports.apply(id, servers, operator),

    "signIn.begin": ({ server }) => core.signIns.begin(server, operator),
    "signIn.open": async ({ server }) => {
      const finished = core.signIns.finished(server);
      await around.openBrowser(core.signIns.address(server));
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
      return { ...report, result: around.mask(report.result) };
    },
    "tools.cancel": ({ id }) => core.running.cancel(id),
    "tools.preview": (call) => core.tools.preview({ client: operator, ...call, tool: call.method ?? call.tool }),

    "resources.list": () => offers.views.resources(operator),
    "resources.templates": () => offers.views.resourceTemplates(operator),
    "resources.read": async (resource) => {
      const report = await core.report(readCall({ client: operator, ...resource }));
      return { ...report, result: around.mask(report.result) };
    },
    "resources.subscribe": (resource) => subscriptions.add(resource),
    "resources.unsubscribe": (resource) => subscriptions.remove(resource),
    "resources.subscriptions": () => subscriptions.list(),

    "prompts.list": () => offers.views.prompts(operator),
    "prompts.get": async (prompt) => {
      const report = await core.report(promptCall({ client: operator, ...prompt }));
      return { ...report, result: around.mask(report.result) };
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
    "questions.answer": ({ id, answer }) => core.questions.answer(id, answer, operator),

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
      const write = (path: string) => core.exports.toFile(id, path, { filter, format });
      const saved = await around.saveFile(`switchgear-calls-${day}.${format}`, write);
      return { file: saved?.file ?? null, calls: saved?.written ?? 0 };
    },
    "invocations.cancelExport": ({ id }) => core.exports.cancel(id),

    "audit.list": ({ filter, before, limit }) => core.audit.list(filter, before, limit),
    "audit.verify": () => core.auditKeeper.verify(),
    "audit.export": async () => {
      const day = new Date(core.clock.wallNow()).toISOString().slice(0, 10);
      const write = (path: string) => core.auditKeeper.exportTo(path);
      const saved = await around.saveFile(`switchgear-audit-${day}.jsonl`, write);
      return { file: saved?.file ?? null, records: saved?.written ?? 0 };
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
