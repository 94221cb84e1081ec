import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Where .ci/run wants the counts of passed and failed tests, as JSON. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Tiers of their own: vitest.clients.config.ts, vitest.deep.config.ts.
    exclude: [...configDefaults.exclude, "test/clients/**", "test/deep/**"],
    globalSetup: [
      "test/support/warm-gcloud/setup.ts",
      "test/support/quick-scripts/setup.ts",
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // On two cores as fast as four, with less to load.
    maxWorkers: 3,
    // No test changes what a module holds: a worker loads each module once.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    reporters:
      report === undefined
        ? ["default"]
        : ["default", ["json", { outputFile: report }]],
  },
});
