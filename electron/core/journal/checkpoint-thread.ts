/** Moves what the write-ahead log holds into the database's file in a thread of its own: it waits for the disk, and calls do not. */

import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Clock } from "../ports.ts";
import type { SqlDatabase } from "./sql-database.ts";

/** Batches with fewer calls, and less of payloads, are no burden: SQLite then does it itself, now and then. */
const callsOfBurden = 64;
const bytesOfBurden = 262_144;
/** Between two rounds of it, milliseconds. */
const pauseMs = 500;
/** A thread that nobody has needed for so long is ended, milliseconds. */
const idleMs = 30_000;
/** Pages after which SQLite does it itself: its own default, and what is left to it while the thread does. */
const ownPages = 1_000;
const leftPages = 4_096;

const program = `
const { parentPort, workerData } = require("node:worker_threads");
const Database = require(workerData.library);
const database = new Database(workerData.file);
const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
parentPort.on("message", (order) => {
  if (order === "close") {
    database.close();
    return parentPort.close();
  }
  checkpoint.all();
  parentPort.postMessage("done");
});
parentPort.postMessage("ready");
`;

/** Begins under load, ends by itself, and where it fails SQLite goes on alone. */
export class CheckpointThread {
  #database: SqlDatabase;
  #clock: Clock;
  #worker: Worker | null = null;
  #isBusy = false;
  #hasFailed = false;
  /** Monotonic milliseconds. */
  #lastAt = 0;
  #idle: Disposable | null = null;

  constructor(database: SqlDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** To be told of each batch that was written. @param bytes about what its payloads took */
  wrote(calls: number, bytes: number): void {
    const isBurden = calls >= callsOfBurden || bytes >= bytesOfBurden;
    if (!isBurden || this.#hasFailed || this.#database.file === ":memory:") return;
    this.#worker ??= this.#start();
    this.#idle?.[Symbol.dispose]();
    this.#idle = this.#clock.schedule(idleMs, () => void this.close());
    const now = this.#clock.now();
    if (this.#isBusy || now - this.#lastAt < pauseMs) return;
    this.#isBusy = true;
    this.#lastAt = now;
    this.#worker.postMessage("checkpoint");
  }

  /** Resolves once the thread has let go of the file. */
  async close(): Promise<void> {
    this.#idle?.[Symbol.dispose]();
    const worker = this.#worker;
    if (!worker) return;
    // Whoever waits for its end must not find the program over before it.
    worker.ref();
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("close");
    await ended;
  }

  #start(): Worker {
    const library = createRequire(import.meta.url).resolve("libsql");
    const worker = new Worker(program, { eval: true, workerData: { library, file: this.#database.file } });
    worker.unref();
    this.#isBusy = true;
    worker.on("message", () => (this.#isBusy = false));
    worker.once("message", () => this.#leave(leftPages));
    worker.once("error", () => (this.#hasFailed = true));
    worker.once("exit", () => {
      this.#worker = null;
      this.#leave(ownPages);
    });
    return worker;
  }

  #leave(pages: number): void {
    if (this.#database.isOpen) this.#database.all(`PRAGMA wal_autocheckpoint = ${pages}`);
  }
}
