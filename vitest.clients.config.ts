import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Clients of other people, each installed from a lock of its own. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["test/clients/**/*.test.ts"],
    exclude: configDefaults.exclude,
    globalSetup: [
      ...[base.test?.globalSetup ?? []].flat(),
      "test/clients/setup.ts",
    ],
  },
});
