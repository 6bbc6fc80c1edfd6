// The directions of ARCHITECTURE.md. Types count as dependencies, so that no layer knows another by its types either.

const tests = "\\.test\\.tsx?$";
/** What tests put in the place of the outside: fakes of ports, and programs to talk to. */
const standIns = "(^|/)(fake-[^/]+\\.ts$|fixtures/)";
const leaves = "telemetry|resilience|policy|approvals|pins|secrets|journal|transports|http|oauth|yaml|alerts";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two modules that need each other are one module, or hide a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A module that nothing uses, and that uses nothing, is dead.",
      severity: "error",
      from: { orphan: true, pathNot: ["\\.d\\.ts$", tests, standIns] },
      to: {},
    },
    {
      name: "resolvable",
      comment: "Every import leads somewhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-tests-in-product",
      comment: "What users run does not import tests or their stand-ins.",
      severity: "error",
      from: { pathNot: [tests, standIns] },
      to: { path: [tests, standIns] },
    },
    {
      name: "shared-knows-zod-alone",
      comment: "shared/ is the vocabulary of every part, so it depends on none of them and runs anywhere.",
      severity: "error",
      from: { path: "^shared/", pathNot: tests },
      to: { pathNot: ["^shared/", "(^|/)node_modules/zod/"] },
    },
    {
      name: "shared-tests-stay-home",
      comment: "The tests of shared/ reach shared/ and packages.",
      severity: "error",
      from: { path: `^shared/.*${tests}` },
      to: { path: "^(electron|renderer)/" },
    },
    {
      name: "core-runs-headless",
      comment: "The core is plain Node: no Electron, no pages, and it does not know who hosts it.",
      severity: "error",
      from: { path: "^electron/core/", pathNot: [tests, standIns] },
      to: { path: ["(^|/)node_modules/electron/", "^renderer/", "^electron/(?!core/)"] },
    },
    {
      name: "core-is-tested-headless",
      comment: "The core's tests run as it does; the fault lab serves them.",
      severity: "error",
      from: { path: ["^electron/core/.*\\.test\\.ts$", "^electron/core/.*/fixtures/"] },
      to: { path: ["(^|/)node_modules/electron/", "^renderer/", "^electron/(?!core/|fault-lab/)"] },
    },
    {
      name: "core-leaves-stand-alone",
      comment:
        "A leaf folder of the core imports core/{ports,errors,events,cancellation,known-json}, core/yaml/, shared/, packages and itself: others combine it.",
      severity: "error",
      from: { path: `^electron/core/(${leaves})/`, pathNot: [tests, standIns] },
      to: {
        path: "^electron/",
        pathNot: [
          "^electron/core/$1/",
          "^electron/core/yaml/",
          "^electron/core/(ports|errors|events|cancellation|known-json)\\.ts$",
        ],
      },
    },
    {
      name: "core-leaf-tests-stand-alone",
      comment: "The tests of a leaf folder may use the core's stand-ins, the fault lab, and a real database.",
      severity: "error",
      from: { path: `^electron/core/(${leaves})/.*${tests}` },
      to: {
        path: "^electron/",
        pathNot: [
          "^electron/core/$1/",
          "^electron/core/(ports|errors|events|cancellation|known-json|clock|logger|process-identity|fake-[^/]+)\\.ts$",
          "^electron/core/journal/",
          "^electron/fault-lab/",
        ],
      },
    },
    {
      name: "electron-at-the-edge",
      comment: "Only main, preload, window, tray, platform and ipc/ know Electron.",
      severity: "error",
      from: {
        path: "^(electron|renderer|shared)/",
        pathNot: "^electron/((main|preload|window|tray|platform)\\.ts$|ipc/)",
      },
      to: { path: "(^|/)node_modules/electron/" },
    },
    {
      name: "ipc-joins-core-and-shared",
      comment: "ipc/ turns messages into calls of the core; it knows no window and no composition.",
      severity: "error",
      from: { path: "^electron/ipc/" },
      to: { path: ["^renderer/", "^electron/(?!core/|ipc/)"] },
    },
    {
      name: "web-is-plain-node",
      comment:
        "web/ serves the console to browsers: the core, shared/, and of ipc/ the contract's handlers, but nothing that knows Electron.",
      severity: "error",
      from: { path: "^electron/web/", pathNot: [tests, standIns] },
      to: {
        path: [
          "(^|/)node_modules/electron/",
          "^renderer/",
          "^electron/(?!core/|web/|ipc/)",
          "^electron/ipc/(router|serve)\\.ts$",
        ],
      },
    },
    {
      name: "preload-is-a-door",
      comment: "The preload script holds Electron's bridge and the types and names of shared/, nothing else.",
      severity: "error",
      from: { path: "^electron/preload\\.ts$" },
      to: { pathNot: ["(^|/)node_modules/electron/", "^shared/"] },
    },
    {
      name: "renderer-knows-shared-alone",
      comment: "Pages see the bridge, never what stands behind it; of the project they import renderer/ and shared/.",
      severity: "error",
      from: { path: "^renderer/" },
      to: { path: "^(electron|e2e|bench|scripts)/" },
    },
    {
      name: "renderer-is-no-node",
      comment: "A page has no Node.",
      severity: "error",
      from: { path: "^renderer/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "cli-is-plain-node",
      comment: "The command line runs the core without Electron's side of the application.",
      severity: "error",
      from: { path: "^electron/cli/" },
      to: { path: ["(^|/)node_modules/electron/", "^renderer/", "^electron/(?!cli/|core/|web/|fault-lab/)"] },
    },
    {
      name: "fault-lab-is-a-server",
      comment: "The fault lab stands on the other side of the wire: of the core it may know the ports.",
      severity: "error",
      from: { path: "^electron/fault-lab/", pathNot: tests },
      to: { path: ["(^|/)node_modules/electron/", "^renderer/", "^electron/(?!fault-lab/|core/ports\\.ts$)"] },
    },
    {
      name: "product-needs-no-tools",
      comment: "What users run does not import what contributors run.",
      severity: "error",
      from: { path: "^(electron|renderer|shared)/" },
      to: { path: "^(e2e|bench|scripts)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".cjs", ".json"],
    },
  },
};
