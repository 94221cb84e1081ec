import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type KeyWishes,
  collectKeys,
} from "../../../scripts/lib/service/keys.ts";
import type { State } from "../../../scripts/lib/service/state/state.ts";
import { KEYS, type Key } from "../../../scripts/lib/settings/keys.ts";
import {
  runCollectKeys,
  runCollectKeysOnTerminal,
} from "../../support/sample-script/run-sample.ts";
import {
  deployedState,
  emptyState,
  inputWith,
  settingsWith,
} from "../../support/states.ts";
import { payloadsOf, plainService } from "../../support/stored-keys.ts";

const strong = (name: string): string =>
  `sk-${name}-0123456789abcdefghijklmnopqrst`;
const SHELL = strong("shell");
const OLD = strong("old-name");
const STORED = strong("stored");
const PLAIN = strong("plain");
const WEAK = "sk-weak-marker";
const PREVIEW = 'printf %s "$LITELLM_MASTER_KEY"';

const vertex = settingsWith();
const apikey = settingsWith({ MODE: "apikey" });
const stored = deployedState(inputWith({ settings: apikey }));
const payloads = payloadsOf({
  "litellm-master-key/1": STORED,
  "litellm-gemini-key/1": "AIzaStored",
});

beforeEach(() => {
  for (const { variable, oldVariable } of KEYS as readonly Key[]) {
    vi.stubEnv(variable, undefined);
    if (oldVariable !== undefined) vi.stubEnv(oldVariable, undefined);
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** `name: value`, of what would be stored. */
async function collect(
  state: State,
  {
    wishes = {},
    settings = vertex,
  }: { wishes?: KeyWishes; settings?: typeof vertex } = {},
): Promise<Record<string, string>> {
  const keys = await collectKeys(settings, state, payloads, wishes);
  return Object.fromEntries(
    Object.entries(keys).map(([name, key]) => [name, key.value.reveal()]),
  );
}

/** A service with a plain key, and no secret yet. */
function adopting(key: string): State {
  const service = plainService(vertex, { LITELLM_MASTER_KEY: key });
  return { ...emptyState(), service };
}

const GENERATED = /^sk-[0-9a-f]{64}$/;

describe("a master key comes", () => {
  test("first from the option", async () => {
    vi.stubEnv("LITELLM_MASTER_KEY", SHELL);
    const { masterKey } = await collect(stored, {
      wishes: { masterKey: "generate" },
    });
    expect(masterKey).toMatch(GENERATED);
  });

  test("from a version that an earlier run stored, and that does not serve yet: no other is made", async () => {
    const state = structuredClone(stored);
    state.secrets.keys.masterKey?.versions.unshift({
      number: 2,
      state: "ENABLED",
    });
    const wishes = { masterKey: "generate" } as const;
    expect(await collect(state, { wishes })).toEqual({});
  });

  test("then from the shell, though one is stored", async () => {
    vi.stubEnv("LITELLM_MASTER_KEY", SHELL);
    vi.stubEnv("MY_MASTER_KEY", OLD);
    expect(await collect(stored)).toEqual({ masterKey: SHELL });
    expect(await collect(adopting(PLAIN))).toEqual({ masterKey: SHELL });
  });

  test("not from a variable of the shell that is empty", async () => {
    vi.stubEnv("LITELLM_MASTER_KEY", "");
    expect(await collect(stored)).toEqual({});
  });

  test("then from where it is stored: nothing is stored anew", async () => {
    expect(await collect(stored)).toEqual({});
    const service = plainService(vertex, { LITELLM_MASTER_KEY: PLAIN });
    expect(await collect({ ...stored, service })).toEqual({});
  });

  test("then from the service that the bash flow made", async () => {
    expect(await collect(adopting(PLAIN))).toEqual({ masterKey: PLAIN });
  });

  test("and is made where there is none, or an empty one", async () => {
    for (const state of [emptyState(), adopting("")]) {
      const { masterKey } = await collect(state);
      expect(masterKey).toMatch(GENERATED);
    }
  });

  test("from none of a secret's versions that cannot be read any more", async () => {
    const state = structuredClone(stored);
    for (const version of state.secrets.keys.masterKey?.versions ?? []) {
      version.state = "DISABLED";
    }
    const { masterKey } = await collect(state);
    expect(masterKey).toMatch(GENERATED);
  });
});

describe("a key is not stored again", () => {
  test("where it is the newest one that is enabled", async () => {
    vi.stubEnv("LITELLM_MASTER_KEY", STORED);
    const state = structuredClone(stored);
    expect(await collect(state)).toEqual({});
    state.secrets.keys.masterKey?.versions.unshift({
      number: 2,
      state: "DISABLED",
    });
    expect(await collect(state)).toEqual({});
  });

  test("but it is where a newer one took its place", async () => {
    vi.stubEnv("LITELLM_MASTER_KEY", STORED);
    const state = structuredClone(stored);
    state.secrets.keys.masterKey?.versions.unshift({
      number: 2,
      state: "ENABLED",
    });
    const newer = payloadsOf({ "litellm-master-key/2": SHELL });
    const keys = await collectKeys(vertex, state, newer, {});
    expect(keys.masterKey?.value.reveal()).toBe(STORED);
  });
});

describe("a key is refused", () => {
  test.each([
    [WEAK, "the master key is refused: it is shorter than 35 characters"],
    [SHELL.slice(3), "the master key is refused: it does not begin with sk-"],
    [
      `${SHELL} `,
      "the key for LITELLM_MASTER_KEY is empty or holds white space",
    ],
    [
      `${SHELL}\n`,
      "the key for LITELLM_MASTER_KEY is empty or holds white space",
    ],
  ])("where it is %j", async (key, message) => {
    vi.stubEnv("LITELLM_MASTER_KEY", key);
    await expect(collect(stored)).rejects.toMatchObject({
      message,
      exitCode: 2,
    });
  });

  test("with a way to make a strong one, and without showing it", async () => {
    vi.stubEnv("LITELLM_MASTER_KEY", WEAK);
    const error: unknown = await collect(stored).catch((e: unknown) => e);
    expect(error).toMatchObject({
      hint: `Leave it out (one is generated), or make one: printf 'sk-%s' "$(openssl rand -hex 32)"`,
    });
    expect(String(error)).not.toContain("marker");
  });

  test("where two are to come from standard input", async () => {
    const wishes = { masterKey: "stdin", geminiKey: "stdin" } as const;
    await expect(
      collect(stored, { wishes, settings: apikey }),
    ).rejects.toMatchObject({
      message: "only one key can come from standard input",
      exitCode: 2,
    });
  });
});

describe("a key of one mode", () => {
  test("is not collected in the other one", async () => {
    vi.stubEnv("GEMINI_API_KEY", "AIzaShell");
    expect(await collect(stored)).toEqual({});
    expect(await collect(stored, { settings: apikey })).toEqual({
      geminiKey: "AIzaShell",
    });
  });

  test("is missed where there is none, with every way to give it", async () => {
    await expect(
      collect(emptyState(), { settings: apikey }),
    ).rejects.toMatchObject({
      message:
        "config/litellm.apikey.yaml needs GEMINI_API_KEY, and none is given or stored",
      hint: "Store it from a file that holds just the key: npx tsx scripts/deploy.ts dev --gemini-key=stdin < FILE. Or set GEMINI_API_KEY in the shell. Get one: https://aistudio.google.com/apikey",
      exitCode: 2,
    });
  });
});

describe("a deploy", () => {
  const env = { LITELLM_MASTER_KEY: SHELL };

  test("reads a key from standard input, and shows how bash would ask for it", async () => {
    const run = await runCollectKeys(["--gemini-key=stdin"], {
      input: "AIzaFile\n",
      env,
    });
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toEqual({
      masterKey: { value: SHELL, preview: PREVIEW },
      geminiKey: {
        value: "AIzaFile",
        preview: `(IFS= read -rsp 'GEMINI_API_KEY: ' key </dev/tty && printf %s "$key")`,
      },
    });
  });

  test("takes any key by its variable's name", async () => {
    const run = await runCollectKeys(["--key=GEMINI_API_KEY=stdin"], {
      input: "AIzaFile\n",
      env,
    });
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toMatchObject({
      geminiKey: { value: "AIzaFile" },
    });
  });

  test.each([
    ["a key that the env does not read", "OPENAI_API_KEY=stdin"],
    ["a key in the place of its source", "GEMINI_API_KEY=hidden-marker"],
    ["a key alone", "hidden-marker"],
    ["another source than it has", "GEMINI_API_KEY=generate"],
  ])("refuses %s, and shows nothing of it", async (_what, given) => {
    const run = await runCollectKeys([`--key=${given}`], { env });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error: --key=(GEMINI_API_KEY=)?…: expected /);
    expect(run.stderr).not.toContain("marker");
  });

  test.each([
    ["credentials that are JSON", '{\n  "type": "service_account"\n}', 0],
    ["two words", "two words", 2],
  ])("judges %s", async (_what, input, exitCode) => {
    const run = await runCollectKeys(["--gemini-key=stdin"], { input, env });
    expect(run.exitCode).toBe(exitCode);
  });

  test("refuses the option of a key that the env does not read", async () => {
    const run = await runCollectKeys(["--gemini-key=stdin"], {
      input: "AIzaFile",
      env: { ...env, MODE: "vertex" },
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toBe(
      "error: --gemini-key: this env reads no GEMINI_API_KEY\n  Its keys: LITELLM_MASTER_KEY.\n",
    );
  });

  test("refuses empty standard input", async () => {
    const run = await runCollectKeys(["--gemini-key=stdin"], { env });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("the key for GEMINI_API_KEY is empty");
  });

  test("takes the variables of the bash flow, and says what they are called now", async () => {
    const run = await runCollectKeys([], {
      env: { MY_MASTER_KEY: OLD, MY_GEMINI_KEY: "AIzaOld" },
    });
    expect(run.stderr).toBe(
      [
        "note: MY_MASTER_KEY is called LITELLM_MASTER_KEY now; the old name still works",
        "note: MY_GEMINI_KEY is called GEMINI_API_KEY now; the old name still works\n",
      ].join("\n"),
    );
    expect(JSON.parse(run.stdout)).toEqual({
      masterKey: { value: OLD, preview: 'printf %s "$MY_MASTER_KEY"' },
      geminiKey: { value: "AIzaOld", preview: 'printf %s "$MY_GEMINI_KEY"' },
    });
  });

  test("goes on with a weak key that clients use, and warns of it", async () => {
    const run = await runCollectKeys([], {
      env: { PLAIN_KEY: WEAK, GEMINI_API_KEY: "AIzaShell" },
    });
    expect(run.stderr).toContain("WARNING: the master key that the service");
    expect(run.stderr).toContain("scripts/deploy.ts dev --master-key=generate");
    expect(run.stderr).not.toContain("marker");
    expect(JSON.parse(run.stdout)).toMatchObject({
      masterKey: {
        value: WEAK,
        preview: expect.stringContaining(
          "gcloud run services describe",
        ) as string,
      },
    });
  });

  test("asks on a terminal for what is neither given, stored nor made", async () => {
    const question = "Gemini API key (https://aistudio.google.com/apikey):";
    const run = await runCollectKeysOnTerminal(
      [[question, "AIzaTyped\r"]],
      env,
    );
    expect(run.stdout).toContain('"value":"AIzaTyped"');
    expect(run.exitCode).toBe(0);
  });
});
