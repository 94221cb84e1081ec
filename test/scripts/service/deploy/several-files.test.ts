import { describe, expect, test } from "vitest";
import type { ConfigContent } from "../../../../scripts/lib/litellm-config/config-content.ts";
import { stepsOf } from "../../../../scripts/lib/plan/step.ts";
import { planDeploy } from "../../../../scripts/lib/service/deploy/plan-deploy.ts";
import type { DeployInput } from "../../../../scripts/lib/service/deploy/input.ts";
import type { State } from "../../../../scripts/lib/service/state/state.ts";
import {
  deployedState,
  emptyState,
  inputWith,
  manifest,
  newKey,
} from "../../../support/states.ts";

const content = (file: string, letter: string) => ({
  file: `config/team/${file}`,
  sha256: letter.repeat(64),
});

/** A directory; `c`: the letter that stands for the content of callbacks.py. */
const team = (callbacks = "c"): ConfigContent => ({
  ...content("config.yaml", "a"),
  others: {
    "models.yaml": content("models.yaml", "b"),
    "callbacks.py": content("callbacks.py", callbacks),
  },
});

const ITEMS = [
  { key: "sha-aaaaaaaaaaaa", path: "config.yaml" },
  { key: "sha-cccccccccccc", path: "callbacks.py" },
  { key: "sha-bbbbbbbbbbbb", path: "models.yaml" },
];

/** What is done with secrets. */
function listSecretCommands(input: DeployInput, state: State): string[] {
  return stepsOf(planDeploy(input, state).plan)
    .map(({ preview }) => preview)
    .filter((text) => /gcloud secrets (versions|create|update)/.test(text))
    .filter((text) => text.includes("litellm-config"));
}

describe("a config of several files", () => {
  test("is a version of the secret for each, named by content all at once", () => {
    const input = inputWith({ config: team(), keys: { masterKey: newKey } });
    expect(listSecretCommands(input, emptyState())).toEqual([
      "gcloud secrets create litellm-config --data-file=config/team/config.yaml --replication-policy=automatic --labels=litellm-cloudrun=true --project=my-project",
      "gcloud secrets versions add litellm-config --data-file=config/team/models.yaml --project=my-project --format='value(name)'",
      "gcloud secrets versions add litellm-config --data-file=config/team/callbacks.py --project=my-project --format='value(name)'",
      "gcloud secrets update litellm-config --update-version-aliases=sha-aaaaaaaaaaaa=1,sha-bbbbbbbbbbbb=2,sha-cccccccccccc=3 --project=my-project",
    ]);
  });

  test("is mounted as the files of one directory, in an order that does not change", () => {
    const state = deployedState(inputWith({ config: team() }));
    const [revision] = state.revisions;
    expect(revision?.spec.volumes).toEqual([
      {
        name: "config",
        secret: { secretName: "litellm-config", items: ITEMS },
      },
    ]);
    const reordered = {
      ...team(),
      others: Object.fromEntries(Object.entries(team().others ?? {}).reverse()),
    };
    expect(planDeploy(inputWith({ config: reordered }), state).plan).toEqual(
      [],
    );
  });

  test("gets a version only of the file that changed", () => {
    const state = deployedState(inputWith({ config: team() }));
    const input = inputWith({ config: team("d") });
    expect(listSecretCommands(input, state)).toEqual([
      "gcloud secrets versions add litellm-config --data-file=config/team/callbacks.py --project=my-project --format='value(name)'",
      `gcloud secrets update litellm-config --update-version-aliases=sha-aaaaaaaaaaaa=1,sha-bbbbbbbbbbbb=2,sha-cccccccccccc=3,sha-dddddddddddd=4 --etag='"etag-1"' --project=my-project`,
    ]);
    expect(planDeploy(input, state).differences).toEqual([
      {
        path: "revision.spec.volumes[0].secret.items[1].key",
        actual: "sha-cccccccccccc",
        desired: "sha-dddddddddddd",
      },
    ]);
  });

  test("needs one version for two files that are alike", () => {
    const input = inputWith({ config: team("b") });
    const [, ...added] = listSecretCommands(
      { ...input, keys: { masterKey: newKey } },
      emptyState(),
    );
    expect(added).toHaveLength(2);
    expect(added[1]).toContain("=sha-aaaaaaaaaaaa=1,sha-bbbbbbbbbbbb=2 ");
  });

  test("takes what a killed run has stored, and adds the rest", () => {
    const state = deployedState();
    const secret = state.secrets.config;
    if (secret === undefined) throw new Error("no config secret");
    secret.versions.unshift({ number: 2, state: "ENABLED" });
    secret.unaliased = [{ number: 2, sha256: "b".repeat(64) }];
    expect(listSecretCommands(inputWith({ config: team() }), state)).toEqual([
      "gcloud secrets versions add litellm-config --data-file=config/team/callbacks.py --project=my-project --format='value(name)'",
      expect.stringContaining(
        "=sha-aaaaaaaaaaaa=1,sha-bbbbbbbbbbbb=2,sha-cccccccccccc=3 ",
      ),
    ]);
  });

  test("prunes as many aliases as it needs, and none that is its own", () => {
    const state = deployedState();
    const secret = state.secrets.config;
    if (secret === undefined) throw new Error("no config secret");
    for (let number = 2; number <= 50; number += 1) {
      secret.versions.unshift({ number, state: "ENABLED" });
      // The oldest is wanted again, though no revision names it.
      const letter =
        number === 2 ? "bbbbbbbbbbbb" : String(number).padStart(12, "0");
      secret.aliases[`sha-${letter}`] = number;
    }
    const config: ConfigContent = {
      ...team("c"),
      others: {
        ...team("c").others,
        "auth.py": content("auth.py", "e"),
      },
    };
    expect(listSecretCommands(inputWith({ config }), state)).toContain(
      `gcloud secrets update litellm-config --remove-version-aliases=sha-000000000003,sha-000000000004 --etag='"etag-1"' --project=my-project`,
    );
  });

  test("is refused where the manifest mounts no config", () => {
    const text = manifest.replace(" # from-param: ${configVersion}", "");
    expect(() =>
      planDeploy(
        inputWith({ config: team(), manifest: text }),
        deployedState(),
      ),
    ).toThrow(
      "no volume has an item with ${configVersion}, so callbacks.py, models.yaml would not reach the service",
    );
  });
});
