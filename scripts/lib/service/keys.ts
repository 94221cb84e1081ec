import { InputError } from "../cli/errors.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { SecretValue } from "../cli/secret-value.ts";
import { suggest } from "../cli/suggest.ts";
import {
  isInteractive,
  promptHidden,
  readStdin,
  say,
} from "../cli/terminal.ts";
import { describeService } from "../google/commands/run.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { SecretPayloads } from "../google/secret-payloads.ts";
import type { Key } from "../settings/keys.ts";
import { KNOWN_VARIABLES } from "../settings/providers.ts";
import type { Settings } from "../settings/settings.ts";
import type { NewKey, NewKeys } from "./prepare/input.ts";
import { pinsOfRevision } from "./pins.ts";
import { newestEnabled } from "./prepare/secret-version.ts";
import { findMain, findServing } from "./serving.ts";
import type { SecretState, State } from "./state/state.ts";

/** Where a key comes from, when the operator says so. */
export type KeySource = "generate" | "stdin" | "prompt";

/** What the operator wants for which key, by its name; for the others the shell's counts, else what is there. */
export type KeyWishes = Readonly<Record<string, KeySource>>;

/** The keys that this deploy has to store; what is not among them stays. */
export async function collectKeys(
  settings: Settings,
  state: State,
  payloads: SecretPayloads,
  wishes: KeyWishes,
): Promise<NewKeys> {
  const { keys } = settings;
  if (keys.filter((key) => wishes[key.name] === "stdin").length > 1) {
    throw new InputError("only one key can come from standard input");
  }
  const collected: [string, NewKey][] = [];
  for (const key of keys) {
    const stored = state.secrets.keys[key.name];
    const wish = wishes[key.name];
    const found = await collectKey(settings, state, key, wish);
    const isNew =
      found !== undefined && !(await isStored(payloads, stored, found));
    if (isNew) collected.push([key.name, found]);
  }
  return Object.fromEntries(collected);
}

/** A key to take the place of the one that is stored: from `source`, else from the shell, else generated, else asked for. */
export async function collectNewKey(
  settings: Settings,
  key: Key,
  source: KeySource | undefined,
): Promise<NewKey> {
  const given = source === "generate" ? undefined : await takeKey(key, source);
  const found = given ?? generate(key);
  if (found !== undefined) return found;
  const typed = isInteractive() ? await takeKey(key, "prompt") : undefined;
  if (typed === undefined) throw missingKey(settings, key);
  return typed;
}

/** The key that is given, else none where one is stored, else what can be had. */
async function collectKey(
  settings: Settings,
  state: State,
  key: Key,
  source: KeySource | undefined,
): Promise<NewKey | undefined> {
  const stored = state.secrets.keys[key.name];
  if (source === "generate") {
    const waiting = findWaiting(state, key.name);
    if (waiting === undefined) return generate(key);
    say(
      `version ${String(waiting)} of ${stored?.name ?? key.title} is stored already, and does not serve here: it is taken`,
    );
    return undefined;
  }
  const given = await takeKey(key, source);
  if (given !== undefined) return given;
  if (newestEnabled(stored) !== undefined) return undefined;
  const adopted = adoptKey(settings, state, key) ?? generate(key);
  if (adopted !== undefined) return adopted;
  if (isInteractive()) return takeKey(key, "prompt");
  throw missingKey(settings, key);
}

/** The version that an earlier run stored, and that what serves is not pinned to yet. */
function findWaiting(
  { service, revisions, secrets }: State,
  name: string,
): number | undefined {
  const newest = newestEnabled(secrets.keys[name]);
  if (service === undefined || newest === undefined) return undefined;
  const revision = findMain(findServing(service, revisions), revisions);
  if (revision === undefined) return undefined;
  const pinned = pinsOfRevision(revision.spec).keys[name]?.version;
  return newest > Number(pinned) ? newest : undefined;
}

/** A key from where the operator said, else from the shell, by its name or its old one. */
async function takeKey(
  key: Key,
  source: "stdin" | "prompt" | undefined,
): Promise<NewKey | undefined> {
  const { variable, oldVariable = "" } = key;
  const shell = readProcessEnv();
  const fromShell = [variable, oldVariable].find(
    (name) => (shell[name] ?? "") !== "",
  );
  const text =
    source === "stdin"
      ? await readStdin()
      : source === "prompt"
        ? await promptHidden(key.question)
        : shell[fromShell ?? ""];
  if (text === undefined) return undefined;
  if (!isKey(text)) {
    throw new InputError(
      `the key for ${variable} is empty or holds white space`,
    );
  }
  if (source === undefined && fromShell === oldVariable) {
    say(
      `note: ${oldVariable} is called ${variable} now; the old name still works`,
    );
  }
  refuseWeak(key, text);
  const preview =
    source === undefined
      ? `printf %s "$${fromShell ?? variable}"`
      : askFor(variable);
  return { value: new SecretValue(text), preview };
}

/** Credentials may be JSON, which has white space; nothing else has. */
function isKey(text: string): boolean {
  if (!/\s/.test(text)) return text !== "";
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

/** Bash that asks on the terminal, without showing what is typed. */
function askFor(name: string): string {
  return `(IFS= read -rsp '${name}: ' key </dev/tty && printf %s "$key")`;
}

function generate({ generate: made }: Key): NewKey | undefined {
  return (
    made && { value: new SecretValue(made.value()), preview: made.preview }
  );
}

/** The bash flow put keys into the service as plain values: clients go on using them. */
function adoptKey(
  settings: Settings,
  state: State,
  key: Key,
): NewKey | undefined {
  if (state.service === undefined) return undefined;
  const serving = findServing(state.service, state.revisions).revision;
  const spec = serving?.spec ?? state.service.spec.template.spec;
  const value = spec.containers
    .flatMap((c) => c.env ?? [])
    .find((e) => e.name === key.variable)?.value;
  if (value === undefined || value === "") return undefined;
  warnOfWeak(settings, key, value);
  const describe = formatCommand(describeService(settings));
  return {
    value: new SecretValue(value),
    preview: `${describe} | jq -rj '.spec.template.spec.containers[0].env[] | select(.name == "${key.variable}") | .value'`,
  };
}

/** What says on the command line where a key comes from. */
function sourceOption({ option, variable }: Key, source: KeySource): string {
  return option === variable
    ? `--key=${variable}=${source}`
    : `--${option}=${source}`;
}

/** Storing the same key again would make a version and a revision for nothing. */
async function isStored(
  payloads: SecretPayloads,
  secret: SecretState | undefined,
  key: NewKey,
): Promise<boolean> {
  const newest = newestEnabled(secret);
  if (secret === undefined || newest === undefined) return false;
  const stored = await payloads.access(secret.name, String(newest));
  return stored.reveal() === key.value.reveal();
}

function refuseWeak({ title, findWeakness, generate: made }: Key, key: string) {
  const weakness = findWeakness?.(key);
  if (weakness === undefined) return;
  throw new InputError(`the ${title} is refused: it ${weakness}`, {
    ...(made && {
      hint: `Leave it out (one is generated), or make one: ${made.preview}`,
    }),
  });
}

function warnOfWeak({ env }: Settings, key: Key, value: string): void {
  const weakness = key.findWeakness?.(value);
  if (weakness === undefined) return;
  const again = scriptCommand("deploy", env, sourceOption(key, "generate"));
  say(
    `WARNING: the ${key.title} that the service uses is weak (${weakness}).
  It is kept, so that clients go on working. Replace it soon, with:
  ${again}`,
  );
}

function missingKey({ env, config }: Settings, key: Key): InputError {
  const { variable, source } = key;
  const store = scriptCommand("deploy", env, sourceOption(key, "stdin"));
  const where = source === undefined ? "" : ` Get one: ${source}`;
  const near = KNOWN_VARIABLES.includes(variable)
    ? undefined
    : suggest(variable, KNOWN_VARIABLES);
  const misspelt =
    near === undefined ? "" : ` Or did you mean os.environ/${near} there?`;
  return new InputError(
    `${config} needs ${variable}, and none is given or stored`,
    {
      hint: `Store it from a file that holds just the key: ${store} < FILE. Or set ${variable} in the shell.${where}${misspelt}`,
    },
  );
}
