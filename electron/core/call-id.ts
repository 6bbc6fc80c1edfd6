import { randomUUID } from "node:crypto";

/**
 * A UUID of version 7: those of calls that follow one another lie side by side in the journal, where random ones would each touch
 * another page of its file.
 * @param wallNow milliseconds
 */
export function callId(wallNow: number): string {
  const time = Math.trunc(wallNow).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${randomUUID().slice(15)}`;
}
