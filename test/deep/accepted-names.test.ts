import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";

test("what the check knows of values is what the installed LiteLLM takes", async () => {
  const { python } = await ensureLitellm(() => undefined);
  const taken = execFileSync(python, ["tools/accepted-names.py"], {
    env: { LITELLM_LOCAL_MODEL_COST_MAP: "True" },
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  const { $defs } = JSON.parse(
    readFileSync("config/litellm.names.schema.json", "utf8"),
  ) as { $defs: object };
  expect($defs).toMatchObject(JSON.parse(taken) as object);
}, 300_000);
