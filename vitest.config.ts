import { defineConfig } from "vitest/config";

/** Where .ci/run wants the counts of passed and failed tests, as JSON. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/warm-gcloud/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
    reporters:
      report === undefined
        ? ["default"]
        : ["default", ["json", { outputFile: report }]],
  },
});
