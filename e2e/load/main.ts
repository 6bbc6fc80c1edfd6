/** `npm run load`: the verdict as a table; 1 where a line of it is bad. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { load } from "./load.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    clients: { type: "string", default: "100" },
    rate: { type: "string", default: "1000" },
  },
});
const count = (name: keyof typeof values) => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} ${values[name]} is no whole number above 0.\n`);
  process.exit(2);
};
const options = { seconds: count("seconds"), clients: count("clients"), rate: count("rate") };
process.stdout.write(`${options.clients} clients, ${options.rate} calls a second, ${options.seconds} s\n`);
const lines = await load({
  root: join(import.meta.dirname, "../.."),
  cli: join(import.meta.dirname, "cli.js"),
  ...options,
  onLook: (words) => process.stderr.write(`${words}\n`),
});
const width = Math.max(...lines.map(({ name }) => name.length));
for (const { name, measured, isGood } of lines) {
  process.stdout.write(`${isGood ? "good" : "BAD "}  ${name.padEnd(width)}  ${measured}\n`);
}
process.exitCode = lines.every(({ isGood }) => isGood) ? 0 : 1;
