import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What takes too long for every change: each way to deploy end to end, kill points, faults, roles, upgrades, properties. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["test/deep/**/*.test.ts"],
    exclude: configDefaults.exclude,
  },
});
