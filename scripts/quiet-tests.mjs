// Fails a test that prints: output that nobody asked for is a warning that nobody reads. Vitest itself fails a run on an
// unhandled rejection.
import { format } from "node:util";
import { afterAll, afterEach } from "vitest";

/** @type {string[]} */
const printed = [];

for (const method of /** @type {const} */ (["debug", "log", "info", "warn", "error", "trace"])) {
  console[method] = (...parts) => void printed.push(`console.${method}: ${format(...parts)}`);
}

for (const name of /** @type {const} */ (["stdout", "stderr"])) {
  process[name].write = (chunk, ...rest) => {
    printed.push(`${name}: ${String(chunk)}`);
    rest.find((argument) => typeof argument === "function")?.();
    return true;
  };
}

function failOnOutput() {
  if (printed.length > 0) throw new Error(`Stray output:\n${printed.splice(0).join("\n")}`);
}

afterEach(failOnOutput);
afterAll(failOnOutput);
