import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readConfigNames } from "../../tools/config-names.ts";
import {
  type LitellmEnvironment,
  ensureLitellm,
} from "../../emulator/machine/litellm/environment.ts";
import { listModels, listOtherModels } from "../../tools/model-list.ts";

// What `npm run models` writes is in the repository: it has to be of the very
// version that the lock file installs.

let litellm: LitellmEnvironment;

beforeAll(async () => {
  litellm = await ensureLitellm(() => undefined);
}, 300_000);

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

test("config/models.json is made from the installed LiteLLM", () => {
  const map = path.join(
    litellm.sitePackages,
    "litellm/model_prices_and_context_window_backup.json",
  );
  const all = read(map) as Parameters<typeof listModels>[0];
  const models = listModels(all);
  expect(read("config/models.json")).toMatchObject({
    litellm: litellm.version,
    models,
    others: listOtherModels(all, models),
  });
});

test("config/litellm.names.schema.json is made from the installed LiteLLM", () => {
  const names = readConfigNames(litellm.sitePackages);
  const { $defs } = read("config/litellm.names.schema.json") as {
    $defs: unknown;
  };
  // What accepted-names.py adds is for test/deep: it imports LiteLLM.
  expect($defs).toMatchObject(
    Object.fromEntries(
      Object.entries(names).map(([section, list]) => [section, { enum: list }]),
    ),
  );
});

test("the names are found wherever LiteLLM's code reads them", () => {
  const names = readConfigNames(litellm.sitePackages);
  expect(names.litellm_settings).toEqual(
    expect.arrayContaining(["drop_params", "json_logs", "cache_params"]),
  );
  expect(names.general_settings).toEqual(
    expect.arrayContaining([
      "master_key",
      "use_x_forwarded_for",
      "block_robots",
    ]),
  );
  expect(names.router_settings).not.toContain("model_list");
});
