import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What takes too long for every change: installations, kill points, faults, roles, an upgrade of a pipeline, properties. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["test/deep/**/*.test.ts"],
    exclude: configDefaults.exclude,
  },
});
