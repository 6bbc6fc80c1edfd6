import type { TestProject } from "vitest/node";
import { fetchPackages, type OtherPackages } from "./fetch-packages.ts";

declare module "vitest" {
  export interface ProvidedContext {
    otherPackages: OtherPackages;
  }
}

/** Has what others wrote at hand before the first test. */
export async function setup(project: TestProject): Promise<void> {
  project.provide("otherPackages", await fetchPackages());
}
