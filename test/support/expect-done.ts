import { expect } from "vitest";
import type { Finished } from "./emulator.ts";

/** That a script did what it was asked for: its exit code is 0, and it tells of no error. */
export function expectDone({ exitCode, stderr, stdout }: Finished): void {
  expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 /);
  expect(stderr + stdout).not.toContain("error:");
}
