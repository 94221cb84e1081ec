import { describe, expect, test } from "vitest";
import { toParameters } from "../../../scripts/lib/manifest/parameters.ts";
import {
  type Pins,
  findObstacle,
  listKeyChanges,
  pinsOfParameters,
  pinsOfRevision,
  requireVersion,
  withTodaysKeys,
} from "../../../scripts/lib/service/pins.ts";
import type { State } from "../../../scripts/lib/service/state/state.ts";
import {
  deployedState,
  inputWith,
  rendered,
  revisionOf,
  settingsWith,
} from "../../support/states.ts";

const vertex = settingsWith();
const apikey = settingsWith({ MODE: "apikey" });
const alias = `sha-${"a".repeat(12)}`;
const versions = {
  configVersion: alias,
  keys: { masterKey: "1", geminiKey: "1" },
};
const pins: Pins = {
  config: { secret: "litellm-config", version: alias },
  files: {},
  keys: {
    masterKey: { secret: "litellm-master-key", version: "1" },
    geminiKey: { secret: "litellm-gemini-key", version: "1" },
  },
};
const { spec } = revisionOf(rendered(apikey, versions), "r");
const state = deployedState(inputWith({ settings: apikey }));

type Versions = NonNullable<State["secrets"]["config"]>["versions"];

/** The state in which a secret has these versions, newest first. */
function stateWith(which: "config" | "master", newestFirst: Versions): State {
  const changed = structuredClone(state);
  const { config, keys } = changed.secrets;
  const secret = which === "config" ? config : keys.masterKey;
  if (secret === undefined) throw new Error("no secret");
  secret.versions = newestFirst;
  return changed;
}

const enabled = (number: number) => ({ number, state: "ENABLED" }) as const;
const disabled = (number: number) => ({ number, state: "DISABLED" }) as const;

describe("pins", () => {
  test("are the same in a revision and in the parameters that it was made from", () => {
    expect(pinsOfRevision(spec)).toEqual(pins);
    expect(pinsOfParameters(toParameters(apikey, versions))).toEqual(pins);
  });

  test("are those of what lies beside the config too", () => {
    const files = { "callbacks.py": `sha-${"b".repeat(12)}` };
    const several = { ...versions, configFiles: files };
    const { spec: mounted } = revisionOf(rendered(apikey, several), "r");
    expect(pinsOfRevision(mounted)).toEqual({ ...pins, files });
    expect(pinsOfParameters(toParameters(apikey, several))).toEqual({
      ...pins,
      files,
    });
    expect(findObstacle(apikey, state, { ...pins, files }, "apikey")).toBe(
      `its callbacks.py ${files["callbacks.py"]} is not in secret litellm-config any more`,
    );
  });

  test("have only the keys that are read", () => {
    const { masterKey } = pins.keys;
    const revision = revisionOf(rendered(vertex, versions), "r");
    expect(pinsOfRevision(revision.spec).keys).toEqual({ masterKey });
    expect(pinsOfParameters(toParameters(vertex, versions)).keys).toEqual({
      masterKey,
    });
  });

  test("are found in a revision that mounts the config's newest version", () => {
    const [volume] = spec.volumes ?? [];
    const secret = { secretName: "litellm-config" };
    const volumes = [{ name: volume?.name ?? "", secret }];
    expect(pinsOfRevision({ ...spec, volumes }).config.version).toBe("latest");
  });

  test("have no plain key", () => {
    const containers = [
      { image: "i", env: [{ name: "LITELLM_MASTER_KEY", value: "sk-1" }] },
    ];
    expect(pinsOfRevision({ containers })).toEqual({
      config: { secret: "", version: "latest" },
      files: {},
      keys: {},
    });
  });
});

describe("what was deployed before comes back with its own configuration", () => {
  test("where its config is enabled still, by alias or by number", () => {
    expect(findObstacle(apikey, state, pins, "apikey")).toBeUndefined();
    const config = { secret: "litellm-config", version: "1" };
    expect(
      findObstacle(apikey, state, { ...pins, config }, "apikey"),
    ).toBeUndefined();
  });

  test("not where the mode is another one now", () => {
    expect(findObstacle(vertex, state, pins, "apikey")).toBe(
      "it was made with MODE=apikey, and the env has MODE=vertex now",
    );
    expect(findObstacle(apikey, state, pins, "vertex")).toBe(
      "it was made with MODE=vertex, and the env has MODE=apikey now",
    );
  });

  test("not where the config is in another secret now", () => {
    const moved = settingsWith({ MODE: "apikey", CONFIG_SECRET: "other" });
    expect(findObstacle(moved, state, pins, "apikey")).toBe(
      "its config is in secret litellm-config, and CONFIG_SECRET is other now",
    );
  });

  test("not where the config is disabled or gone", () => {
    expect(
      findObstacle(apikey, stateWith("config", [disabled(1)]), pins, "apikey"),
    ).toBe(
      `its config ${alias} is version 1 of secret litellm-config, which is disabled`,
    );
    expect(findObstacle(apikey, stateWith("config", []), pins, "apikey")).toBe(
      `its config ${alias} is not in secret litellm-config any more`,
    );
    const config = { secret: "litellm-config", version: "latest" };
    expect(findObstacle(apikey, state, { ...pins, config }, "apikey")).toBe(
      "its config latest is not in secret litellm-config any more",
    );
  });
});

describe("a key that is not today's", () => {
  /** `secret today superseded: reason`. */
  function describeChanges(now: State, settings = apikey): string[] {
    return listKeyChanges(settings, now, pins).map(
      ({ key, secret, today, superseded, reason }) =>
        `${key.name} ${secret} ${String(today)} ${String(superseded)}: ${reason}`,
    );
  }

  test("is none where nothing changed", () => {
    expect(describeChanges(state)).toEqual([]);
  });

  test("works still, but was superseded", () => {
    expect(
      describeChanges(stateWith("master", [enabled(2), enabled(1)])),
    ).toEqual([
      "masterKey litellm-master-key 2 true: version 1 of litellm-master-key was superseded by version 2",
    ]);
  });

  test("is disabled or gone", () => {
    expect(
      describeChanges(stateWith("master", [enabled(2), disabled(1)])),
    ).toEqual([
      "masterKey litellm-master-key 2 false: version 1 of litellm-master-key is disabled",
    ]);
    expect(describeChanges(stateWith("master", [enabled(2)]))).toEqual([
      "masterKey litellm-master-key 2 false: version 1 of litellm-master-key is gone",
    ]);
    expect(describeChanges(stateWith("master", [disabled(1)]))).toEqual([
      "masterKey litellm-master-key undefined false: version 1 of litellm-master-key is disabled",
    ]);
  });

  test("is in another secret", () => {
    const moved = settingsWith({ MODE: "apikey", MASTER_KEY_SECRET: "other" });
    expect(describeChanges(state, moved)).toEqual([
      "masterKey other 1 false: its key is in secret litellm-master-key, today's in other",
    ]);
  });

  test("is not a newer one that is disabled", () => {
    expect(
      describeChanges(stateWith("master", [disabled(2), enabled(1)])),
    ).toEqual([]);
  });
});

describe("today's keys", () => {
  test("take the place of the old ones, and leave all else", () => {
    const now = stateWith("master", [enabled(2), enabled(1)]);
    const changes = listKeyChanges(apikey, now, pins);
    const made = withTodaysKeys(apikey, spec, changes);
    const expected = rendered(apikey, {
      ...versions,
      keys: { ...versions.keys, masterKey: "2" },
    }).spec.template.spec;
    expect(made).toEqual(expected);
    expect(withTodaysKeys(apikey, spec, [])).toEqual(spec);
  });

  test("are refused where a secret has none, with the command that lists them", () => {
    const changes = listKeyChanges(
      apikey,
      stateWith("master", [disabled(1)]),
      pins,
    );
    expect(() => withTodaysKeys(apikey, spec, changes)).toThrow(
      expect.objectContaining({
        message: "secret litellm-master-key has no enabled version",
        hint: expect.stringMatching(
          /^Enable one: gcloud secrets versions list litellm-master-key .*--project=my-project$/,
        ) as string,
      }) as Error,
    );
    expect(requireVersion(apikey, "litellm-master-key", 3)).toBe("3");
  });
});
