import { appendFileSync } from "node:fs";
import type { Reporter, TestCase } from "vitest/node";

/** Writes down which tests passed only when they were tried again, a line each. */
export class SecondTries implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return;
    appendFileSync(
      this.#file,
      `${test.module.relativeModuleId} > ${test.fullName}\n`,
    );
  }
}
