import { randomBytes } from "node:crypto";
import { InputError } from "../cli/errors.ts";
import type { SecretPayloads } from "../google/secret-payloads.ts";
import type { NewKey, NewKeys } from "./prepare/input.ts";
import { findServing } from "./serving.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import { SecretValue } from "../cli/secret-value.ts";
import type { Settings } from "../settings/settings.ts";
import type { SecretState, State } from "./state/state.ts";
import {
  isInteractive,
  promptHidden,
  readStdin,
  say,
} from "../cli/terminal.ts";

/** Where a key comes from, when the operator says so. */
export type KeySource = "generate" | "stdin" | "prompt";

/** What the operator wants for the keys; undefined: the shell's, else what is there. */
export interface KeyOptions {
  master: KeySource | undefined;
  gemini: Exclude<KeySource, "generate"> | undefined;
}

/** The keys that this deploy has to store; undefined where what is there stays. */
export async function collectKeys(
  settings: Settings,
  state: State,
  payloads: SecretPayloads,
  options: KeyOptions,
): Promise<NewKeys> {
  if (options.master === "stdin" && options.gemini === "stdin") {
    throw new InputError("only one key can come from standard input");
  }
  const master = await collectMasterKey(settings, state, options.master);
  const gemini =
    settings.mode === "apikey"
      ? await collectGeminiKey(settings, state, options.gemini)
      : undefined;
  const { masterKey, geminiKey } = state.secrets;
  return {
    master: await unlessStored(payloads, masterKey, master),
    gemini: await unlessStored(payloads, geminiKey, gemini),
  };
}

async function collectMasterKey(
  settings: Settings,
  state: State,
  source: KeySource | undefined,
): Promise<NewKey | undefined> {
  if (source === "generate") return generateMasterKey();
  const given = await takeKey(
    "LiteLLM master key (sk-…):",
    ["LITELLM_MASTER_KEY", "MY_MASTER_KEY"],
    source,
  );
  if (given !== undefined) {
    refuseWeakKey(given.value.reveal());
    return given;
  }
  if (hasVersion(state.secrets.masterKey)) return undefined;
  return adoptKey(settings, state, "LITELLM_MASTER_KEY") ?? generateMasterKey();
}

async function collectGeminiKey(
  settings: Settings,
  state: State,
  source: "stdin" | "prompt" | undefined,
): Promise<NewKey | undefined> {
  const names = ["GEMINI_API_KEY", "MY_GEMINI_KEY"];
  const question = "Gemini API key (https://aistudio.google.com/apikey):";
  const given = await takeKey(question, names, source);
  if (given !== undefined) return given;
  if (hasVersion(state.secrets.geminiKey)) return undefined;
  const adopted = adoptKey(settings, state, "GEMINI_API_KEY");
  if (adopted !== undefined) return adopted;
  if (isInteractive()) return takeKey(question, names, "prompt");
  throw new InputError(
    "MODE=apikey needs a Gemini API key, and none is given or stored",
    {
      hint: `Store it from a file that holds just the key: npx tsx scripts/deploy.ts ${settings.env} --gemini-key=stdin < FILE. Or set GEMINI_API_KEY in the shell. Get one: https://aistudio.google.com/apikey`,
    },
  );
}

/** A key from where the operator said, else from the first of the shell's `names` that is set. */
async function takeKey(
  question: string,
  names: string[],
  source: "stdin" | "prompt" | undefined,
): Promise<NewKey | undefined> {
  const [name = "", oldName = ""] = names;
  const fromShell = names.find((n) => (readProcessEnv()[n] ?? "") !== "");
  const text =
    source === "stdin"
      ? await readStdin()
      : source === "prompt"
        ? await promptHidden(question)
        : readProcessEnv()[fromShell ?? ""];
  if (text === undefined) return undefined;
  if (text === "" || /\s/.test(text)) {
    throw new InputError(`the key for ${name} is empty or holds white space`);
  }
  if (source === undefined && fromShell === oldName) {
    say(`note: ${oldName} is called ${name} now; the old name still works`);
  }
  const preview =
    source === undefined ? `printf %s "$${fromShell ?? name}"` : askFor(name);
  return { value: new SecretValue(text), preview };
}

/** Bash that asks on the terminal, without showing what is typed. */
function askFor(name: string): string {
  return `(IFS= read -rsp '${name}: ' key </dev/tty && printf %s "$key")`;
}

function generateMasterKey(): NewKey {
  return {
    value: new SecretValue(`sk-${randomBytes(32).toString("hex")}`),
    preview: `printf 'sk-%s' "$(openssl rand -hex 32)"`,
  };
}

/** The bash flow put keys into the service as plain values: clients go on using them. */
function adoptKey(
  { env }: Settings,
  state: State,
  name: string,
): NewKey | undefined {
  if (state.service === undefined) return undefined;
  const serving = findServing(state.service, state.revisions).revision;
  const spec = serving?.spec ?? state.service.spec.template.spec;
  const value = spec.containers
    .flatMap((c) => c.env ?? [])
    .find((e) => e.name === name)?.value;
  if (value === undefined || value === "") return undefined;
  if (name === "LITELLM_MASTER_KEY" && describeWeakness(value) !== undefined) {
    say(
      `WARNING: the master key that the service uses is weak (${describeWeakness(value) ?? ""}).
  It is kept, so that clients go on working. Replace it soon, with:
  npx tsx scripts/deploy.ts ${env} --master-key=generate`,
    );
  }
  return {
    value: new SecretValue(value),
    preview: `gcloud run services describe ${state.service.metadata.name} --region=${regionOf(state)} --project=${state.project.projectId} --format=json | jq -rj '.spec.template.spec.containers[0].env[] | select(.name == "${name}") | .value'`,
  };
}

function regionOf(state: State): string {
  return (
    state.service?.metadata.labels?.["cloud.googleapis.com/location"] ?? ""
  );
}

/** Storing the same key again would make a version and a revision for nothing. */
async function unlessStored(
  payloads: SecretPayloads,
  secret: SecretState | undefined,
  key: NewKey | undefined,
): Promise<NewKey | undefined> {
  const newest = secret?.versions.find((v) => v.state === "ENABLED")?.number;
  if (secret === undefined || key === undefined || newest === undefined) {
    return key;
  }
  const stored = await payloads.access(secret.name, String(newest));
  return stored.reveal() === key.value.reveal() ? undefined : key;
}

function hasVersion(secret: SecretState | undefined): boolean {
  return secret?.versions.some((v) => v.state === "ENABLED") ?? false;
}

function refuseWeakKey(key: string): void {
  const weakness = describeWeakness(key);
  if (weakness === undefined) return;
  throw new InputError(`the master key is refused: it ${weakness}`, {
    hint: "Leave it out (one is generated), or make one: printf 'sk-%s' \"$(openssl rand -hex 32)\"",
  });
}

/** What is wrong with a master key: it alone guards a public service. */
function describeWeakness(key: string): string | undefined {
  if (!key.startsWith("sk-")) return "does not begin with sk-";
  if (key.length < 35) return "is shorter than 35 characters";
  if (new Set(key.slice(3)).size < 10) return "repeats few characters";
  return undefined;
}
