import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { readConfigNames } from "./config-names.ts";
import {
  ensureLitellm,
  type LitellmEnvironment,
} from "../emulator/machine/litellm/environment.ts";
import { listModels, listOtherModels } from "./model-list.ts";

// `npm run models`: takes what the config check and the emulated Gemini know of
// LiteLLM from the installed package into three files, so that a deploy needs no
// Python. Run it after a change of the pinned version.

const CONFIG = path.resolve(import.meta.dirname, "../config");

const litellm = await ensureLitellm((line) => {
  console.error(line);
});
await write("models.json", makeModels(litellm));
await write("providers.json", makeProviders(litellm));
await write("litellm.names.schema.json", makeNames(litellm));

function makeModels({ version, sitePackages }: LitellmEnvironment): string {
  const map = "litellm/model_prices_and_context_window_backup.json";
  const text = readFileSync(path.join(sitePackages, map), "utf8");
  const all = JSON.parse(text) as Parameters<typeof listModels>[0];
  const models = listModels(all);
  const others = listOtherModels(all, models);
  return `{
    "comment": "Models at Google in LiteLLM's model map: its own for chat and embedding, and the others. Prices in US dollars per million tokens. Made by: npm run models",
    "litellm": ${JSON.stringify(version)},
    "models": ${formatLines(models)},
    "others": ${formatLines(others)}
  }`;
}

/** One a line. */
function formatLines(models: object): string {
  const lines = Object.entries(models).map(
    ([name, model]) => `${JSON.stringify(name)}: ${JSON.stringify(model)}`,
  );
  return `{\n${lines.join(",\n")}\n}`;
}

function makeProviders({ version, python }: LitellmEnvironment): string {
  return JSON.stringify({
    comment: `What LiteLLM ${version} knows of providers. Made by: npm run models`,
    ...ask(python, "providers.py"),
  });
}

function makeNames(litellm: LitellmEnvironment): string {
  const { version, sitePackages, python } = litellm;
  const sections = Object.entries(readConfigNames(sitePackages));
  return JSON.stringify({
    $id: "litellm.names.schema.json",
    $comment: `The names that LiteLLM ${version} reads from each section of its config, and what it takes as values. Made by: npm run models`,
    $defs: {
      ...Object.fromEntries(
        sections.map(([section, names]) => [section, { enum: names }]),
      ),
      ...ask(python, "accepted-names.py"),
    },
  });
}

/** The JSON that a program of this folder prints. */
function ask(python: string, program: string): Record<string, unknown> {
  const printed = execFileSync(
    python,
    [path.join(import.meta.dirname, program)],
    {
      env: { LITELLM_LOCAL_MODEL_COST_MAP: "True" },
      // What is logged on the way is no result.
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
    },
  );
  return JSON.parse(printed) as Record<string, unknown>;
}

async function write(name: string, json: string): Promise<void> {
  writeFileSync(
    path.join(CONFIG, name),
    await format(json, { parser: "json", printWidth: 80 }),
  );
  console.error(`config/${name} is written.`);
}
