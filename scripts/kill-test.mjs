// `npm run kill-test [COUNT]`: kills a core at random moments, a thousand times unless told otherwise, and looks at what it left behind.
import { runTool } from "./project.mjs";

const count = process.argv[2] ?? "1000";
const args = ["run", "--project", "units", "electron/core/kill.test.ts"];
process.exitCode = await runTool("vitest", "vitest.mjs", args, { ...process.env, KILL_TEST_COUNT: count });
