/** The gateway without its log of calls: records are made, and dropped where they would be queued to be written. Takes the application's folder and a port. */
import { createSystemClock } from "../../electron/core/clock.ts";
import { createCore } from "../../electron/core/core.ts";
import { InvocationRecorder } from "../../electron/core/journal/invocation-recorder.ts";
import { silentLogger } from "../../electron/core/logger.ts";
import { Redactor } from "../../electron/core/secrets/redact.ts";
import { startFaultLab } from "../../electron/fault-lab/start.ts";

const [app, port] = process.argv.slice(2) as [string, string];
const { SWITCHGEAR_DATA: data = "", SWITCHGEAR_CATALOG: catalog = "" } = process.env;
const clock = createSystemClock();
const core = await createCore(
  {
    ...{ clock, logger: silentLogger, env: process.env, startFaultLab, version: "0.0.0", runtime: "bench" },
    paths: { app, data, catalog, bundledCatalog: `${app}/catalog` },
    nodeRuntime: { command: process.execPath, env: {} },
  },
  new Redactor(),
  { listen: true },
);
const dropped = { queued: () => {}, changed: () => {} };
core.journal.begin = (start) => new InvocationRecorder(start, clock, dropped);
await core.endpoints.openGateway(Number(port));
process.once("SIGTERM", () => void core.close().then(() => process.exit()));
