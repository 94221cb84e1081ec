import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What takes too long for every change: installations, and later kill points, corpus, faults, properties. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["test/deep/**/*.test.ts"],
    exclude: configDefaults.exclude,
  },
});
