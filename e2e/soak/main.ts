/** `npm run soak`: the verdict as a table; 1 where a line of it is bad. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { soak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    servers: { type: "string", default: "200" },
    rate: { type: "string", default: "50" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const count = (name: keyof typeof values) => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= (name === "seed" ? 0 : 1)) return value;
  process.stderr.write(`--${name} ${values[name]} is no whole number above 0.\n`);
  process.exit(2);
};
const options = { seconds: count("seconds"), servers: count("servers"), rate: count("rate"), seed: count("seed") };
process.stdout.write(
  `${options.servers} servers, ${options.rate} calls a second, ${options.seconds} s, --seed ${options.seed}\n`,
);
const lines = await soak({
  root: join(import.meta.dirname, "../.."),
  ...options,
  onLook: (words) => process.stderr.write(`${words}\n`),
});
const width = Math.max(...lines.map(({ name }) => name.length));
for (const { name, measured, isGood } of lines) {
  process.stdout.write(`${isGood ? "good" : "BAD "}  ${name.padEnd(width)}  ${measured}\n`);
}
process.exitCode = lines.every(({ isGood }) => isGood) ? 0 : 1;
