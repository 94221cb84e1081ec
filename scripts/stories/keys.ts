import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { columns, printResult } from "../lib/cli/terminal.ts";
import { holdGcloud, runGcloud } from "../lib/google/gcloud.ts";
import { loadConfig } from "../lib/litellm-config/load-config.ts";
import { readManifest } from "../lib/manifest/render-manifest.ts";
import { finish } from "../lib/plan/finish.ts";
import {
  checkName,
  chooseKeys,
  parseLimit,
  parseModels,
  requireName,
} from "../lib/service/client-keys/choose-key.ts";
import { idOf, makeKey } from "../lib/service/client-keys/key-list.ts";
import { readKeys, readList } from "../lib/service/client-keys/read-keys.ts";
import {
  describeAdded,
  describeKey,
  describeRemoved,
  formatKeys,
  toKeyOutcome,
} from "../lib/service/client-keys/report.ts";
import {
  destroyOutdated,
  storeKeys,
} from "../lib/service/client-keys/store-keys.ts";
import { readAction } from "../lib/service/client-keys/usage.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";

export async function keys(args: Arguments): Promise<boolean> {
  const { env, action, name: given } = readAction(args);
  const name = action === "list" ? "" : requireName(given);
  if (action === "add") checkName(name);
  const limit = parseLimit(args.value("requests-per-minute"));
  const { settings, read } = await openSession(logIn(env), {
    yes: args.flag("yes"),
  });
  const offered = () =>
    loadConfig(settings, readManifest()).models.map((model) => model.name);
  const models = args.value("models");
  const chosen = models === undefined ? models : parseModels(models, offered());
  const stored = await readKeys(read, settings);
  const old = destroyOutdated(settings, stored);
  const effects = {
    gcloud: runGcloud,
    hold: holdGcloud,
    readList: (version: number) => readList(read, settings, version),
  };

  if (action === "list") {
    const outcome = stored.keys.map(toKeyOutcome);
    const json = args.flag("json");
    const width = columns(process.stdout, Infinity);
    printResult(
      json ? JSON.stringify(outcome, null, 2) : formatKeys(stored.keys, width),
    );
    return true;
  }
  if (action === "add") {
    const { key, entry } = makeKey(
      {
        name,
        ...(chosen !== undefined && { models: chosen }),
        ...(limit !== undefined && { requestsPerMinute: limit }),
      },
      new Date(),
    );
    const change = { keys: [entry], removed: [] };
    const done = await finish(args, {
      plan: [[storeKeys(settings, stored, change), ...old]],
      effects,
      outcome: () => ({ ...toKeyOutcome(entry), key: key.reveal() }),
      describe: () => describeAdded(entry, stored.keys),
    });
    if (!args.flag("json")) printResult(key.reveal());
    return done;
  }
  const all = args.flag("all");
  const keys = chooseKeys(stored.keys, name, all);
  const change = { keys: [], removed: keys.map(idOf) };
  return finish(args, {
    plan: [[storeKeys(settings, stored, change), ...old]],
    effects,
    confirmation: {
      list: keys.map(describeKey),
      question: "Remove it? Whoever has it is refused from then on.",
      what: "removal",
      command: scriptCommand("keys", env, "remove", name, all ? "--all" : ""),
      done: "removed",
      protected: settings.protected ? env : undefined,
    },
    outcome: () => keys.map(toKeyOutcome),
    describe: () => describeRemoved(keys),
  });
}
