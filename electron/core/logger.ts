import { mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import type { Logger } from "./ports.ts";

const nothing = () => {};

/** Says nothing: for tests, and for programs that print their own words. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Bytes past which the log of the last run is put aside as `switchgear.log.1`. */
const rotateBytes = 5_000_000;

/** A structured log at `<data>/logs/switchgear.log`, one JSON object a line. Where the folder cannot be written, nothing is logged. */
export function createFileLogger(data: string, redact: (text: string) => string): Logger & Disposable {
  const folder = join(data, "logs");
  const file = join(folder, "switchgear.log");
  try {
    mkdirSync(folder, { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > rotateBytes) renameSync(file, `${file}.1`);
    const destination = pino.destination({ dest: file, sync: true, mode: 0o600 });
    // A full disk loses lines of the log, and ends nothing else.
    destination.on("error", nothing);
    const log = pino(
      { base: null, serializers: { error: pino.stdSerializers.err } },
      { write: (line) => void destination.write(redact(line)) },
    );
    return {
      debug: (message, context) => log.debug(context, message),
      info: (message, context) => log.info(context, message),
      warn: (message, context) => log.warn(context, message),
      error: (message, context) => log.error(context, message),
      [Symbol.dispose]: () => destination.end(),
    };
  } catch {
    return { ...silentLogger, [Symbol.dispose]: nothing };
  }
}
