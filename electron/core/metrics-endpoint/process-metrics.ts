import { Counter, Gauge, type Registry } from "prom-client";
import type { Clock } from "../ports.ts";

/** The process in the words of every Prometheus client. prom-client's own set leaves observers running that nobody can end. */
export function tellProcess(clock: Clock, registry: Registry): void {
  const startedAt = clock.wallNow() / 1000 - process.uptime();
  const start = new Gauge({
    ...{ name: "process_start_time_seconds", help: "When the process began, as Unix time.", registers: [] },
    collect() {
      this.set(startedAt);
    },
  });
  const cpu = new Counter({
    ...{ name: "process_cpu_seconds_total", help: "CPU time of the user and the system.", registers: [] },
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  const memory = new Gauge({
    ...{ name: "process_resident_memory_bytes", help: "Resident memory.", registers: [] },
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  const heap = new Gauge({
    ...{ name: "nodejs_heap_size_used_bytes", help: "The JavaScript heap in use.", registers: [] },
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  for (const metric of [start, cpu, memory, heap]) registry.registerMetric(metric);
}
