import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../scripts/lib/cli/errors.ts";
import { aliasOf } from "../../../scripts/lib/litellm-config/config-content.ts";
import { APPLIED } from "../../../scripts/lib/manifest/applied.ts";
import { toParameters } from "../../../scripts/lib/manifest/parameters.ts";
import { stageManifest } from "../../../scripts/lib/manifest/stage-manifest.ts";
import type { DeployInput } from "../../../scripts/lib/service/deploy/input.ts";
import { planDeploy } from "../../../scripts/lib/service/deploy/plan-deploy.ts";
import type { State } from "../../../scripts/lib/service/state/state.ts";
import { SEED } from "../../support/seed.ts";
import {
  deployedState,
  inputWith,
  manifest,
  settingsWith,
} from "../../support/states.ts";

const input = inputWith();

/** Every part of the manifest is in use. */
const settings = settingsWith({
  NETWORK: "vpc",
  VPC_EGRESS: "all-traffic",
  CLIENT_KEYS: "true",
});
const whole = inputWith({ settings });

/** What `make` returns; undefined where it refuses its input. */
function unlessRefused<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Differences between what is wanted and what is deployed; undefined: it is refused. */
function compare(wanted: DeployInput, state: State): string[] | undefined {
  return unlessRefused(() =>
    planDeploy(wanted, state).differences?.map((found) => found.path),
  );
}

/** The lines of a text that say something, by their number. */
function linesOf(text: string): number[] {
  return text
    .split("\n")
    .flatMap((line, index) => (/^\s*(#.*)?$/.test(line) ? [] : [index]));
}

function withoutLine(text: string, index: number): string {
  return text
    .split("\n")
    .filter((_, i) => i !== index)
    .join("\n");
}

describe("a line that is removed from config/service.yaml", () => {
  const lines = manifest.split("\n");
  const numbered = linesOf(manifest).map(
    (index) => [index + 1, lines[index]?.trim() ?? ""] as const,
  );

  test.each(numbered)(
    "is a difference, or no manifest any more: %i %s",
    (number) => {
      const changed = withoutLine(manifest, number - 1);
      const state = deployedState(whole);
      expect(compare({ ...whole, manifest: changed }, state)).not.toEqual([]);
    },
  );

  test.each(numbered)("makes another source of a release: %i %s", (number) => {
    const parameters = toParameters(settings, {
      configVersion: aliasOf(whole.config),
      keys: { masterKey: "1" },
    });
    const stage = (text: string) =>
      unlessRefused(() =>
        stageManifest(text, { own: settingsWith(), parameters }),
      );
    expect(stage(withoutLine(manifest, number - 1))).not.toBe(stage(manifest));
  });
});

describe("what is not in the manifest", () => {
  /** A map that a manifest leaves open, by where it is found. */
  const places = {
    "labels of the service": (s: State) => s.service?.metadata.labels,
    "annotations of the service": (s: State) => s.service?.metadata.annotations,
    "labels of the revision": (s: State) => s.revisions[0]?.metadata.labels,
    "annotations of the revision": (s: State) =>
      s.revisions[0]?.metadata.annotations,
    "the revision": (s: State) => s.revisions[0]?.spec,
    "the container": (s: State) => s.revisions[0]?.spec.containers[0],
    "the container's limits": (s: State) =>
      (s.revisions[0]?.spec.containers[0]?.resources as { limits?: object })
        .limits,
    "the start-up probe": (s: State) =>
      s.revisions[0]?.spec.containers[0]?.startupProbe as object,
  };
  const names = fc.constantFrom(
    ...(Object.keys(places) as (keyof typeof places)[]),
  );

  test("causes no write, whoever added it", () => {
    const field = fc.stringMatching(/^[a-z][a-zA-Z0-9./-]{0,20}$/);
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const additions = fc.array(fc.tuple(names, field, value), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(additions, (added) => {
        const state = structuredClone(deployedState(input));
        for (const [place, name, what] of added) {
          const map = places[place](state) as Record<string, unknown>;
          // What the manifest sets is no addition.
          if (!(name in map)) map[name] = what;
        }
        expect(planDeploy(input, state).plan).toEqual([]);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("was in it when it was deployed, and is one difference now", () => {
    const extra = manifest.replace(
      'run.googleapis.com/startup-cpu-boost: "true"',
      `$&\n        run.googleapis.com/sessionAffinity: "true"`,
    );
    const state = deployedState({ ...input, manifest: extra });
    expect(compare({ ...input, manifest: extra }, state)).toEqual([]);
    expect(compare(input, state)).toEqual([
      "revision.annotations[run.googleapis.com/sessionAffinity]",
    ]);
  });

  test("is no difference where nothing tells what was last written", () => {
    const state = structuredClone(deployedState(input));
    delete state.service?.metadata.annotations?.[APPLIED];
    delete state.revisions[0]?.metadata.annotations?.[APPLIED];
    expect(planDeploy(input, state).plan).toEqual([]);
  });
});

describe("an optional part of the manifest", () => {
  const without = deployedState(input);

  test("is planned when it is switched on, and when it is switched off", () => {
    const on = compare(whole, without);
    expect(on).toEqual([
      "revision.annotations[run.googleapis.com/network-interfaces]",
      "revision.annotations[run.googleapis.com/vpc-access-egress]",
      "revision.spec.containers[0].volumeMounts",
      "revision.spec.volumes",
    ]);
    expect(compare(input, deployedState(whole))?.sort()).toEqual(on?.sort());
    expect(planDeploy(whole, deployedState(whole)).plan).toEqual([]);
  });
});
