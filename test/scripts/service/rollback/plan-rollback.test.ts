import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { aliasOf } from "../../../../scripts/lib/litellm-config/config-content.ts";
import type { DeployInput } from "../../../../scripts/lib/service/deploy/input.ts";
import { planDeploy } from "../../../../scripts/lib/service/deploy/plan-deploy.ts";
import { planRollback } from "../../../../scripts/lib/service/rollback/plan-rollback.ts";
import { type Plan, stepsOf } from "../../../../scripts/lib/plan/step.ts";
import type { ServiceEffects } from "../../../../scripts/lib/service/effects.ts";
import type {
  Revision,
  Service,
  TrafficTarget,
} from "../../../../scripts/lib/manifest/knative.ts";
import type {
  SecretState,
  State,
} from "../../../../scripts/lib/service/state/state.ts";
import { previewPlan } from "../../../support/plans.ts";
import {
  deployedState,
  inputWith,
  revisionOf,
  serviceOf,
  settingsWith,
} from "../../../support/states.ts";

const OLD_ALIAS = "sha-bbbbbbbbbbbb";

/** `old` was deployed with another config and image, then `live` with today's. */
function twiceDeployed(): State {
  const image = { IMAGE: "docker.io/litellm/litellm:v1.0.0" };
  const config = { file: "config/old.yaml", sha256: "b".repeat(64) };
  const settings = settingsWith(image);
  const first = deployOver(deployedState(), "old", { settings, config });
  // The one that `deployedState` has never was.
  first.revisions.pop();
  delete revisionNamed(first, "old").metadata.annotations?.[
    "litellm-cloudrun-replaces"
  ];
  return deployOver(first, "live");
}

/** The state after another deploy: its revision is what the plan writes. */
function deployOver(
  state: State,
  attempt: string,
  changes: Partial<DeployInput> = {},
): State {
  const input = inputWith({ attempt, ...changes });
  const { plan } = planDeploy(input, state);
  const step = stepsOf(plan).find((s) => s.title.startsWith("Bring up"));
  const heredoc = step?.preview.split("\n").slice(1, -1).join("\n") ?? "";
  const written = parse(heredoc) as Service;
  const revision = revisionOf(written, `litellm-proxy-${attempt}`);
  const { name, etag, labels, bindings, ...stored } = secretOf(state, "config");
  const number = stored.versions.length + 1;
  const alias = aliasOf(input.config);
  const config: SecretState = {
    name,
    etag,
    labels,
    bindings,
    aliases: { [alias]: number, ...stored.aliases },
    versions: [{ number, state: "ENABLED" }, ...stored.versions],
  };
  return {
    ...state,
    secrets: { ...state.secrets, config },
    service: serviceOf(written, revision),
    revisions: [revision, ...state.revisions],
  };
}

function secretOf(state: State, role: "config" | "masterKey"): SecretState {
  const { config, keys } = state.secrets;
  const secret = role === "config" ? config : keys[role];
  if (secret === undefined) throw new Error(`no secret ${role}`);
  return secret;
}

function revisionNamed(state: State, name: string): Revision {
  const found = state.revisions.find(
    (r) => r.metadata.name === `litellm-proxy-${name}`,
  );
  if (found === undefined) throw new Error(`no revision ${name}`);
  return found;
}

function fail(revision: Revision): void {
  revision.status = { conditions: [{ type: "Ready", status: "False" }] };
}

function rollback(state: State, to?: string, settings = settingsWith()) {
  return planRollback(
    {
      settings,
      attempt: "try2",
      to: to === undefined ? undefined : `litellm-proxy-${to}`,
    },
    state,
  );
}

/** The first words of the steps that do not stop where the service is at `generation`, and `old` has the tag. */
async function titlesThatRunOn(
  plan: Plan<ServiceEffects>,
  state: State,
  generation: number,
): Promise<string[]> {
  const service = structuredClone(state.service);
  if (service !== undefined) {
    service.metadata.generation = generation;
    const revisionName = "litellm-proxy-old";
    service.status?.traffic?.push({ revisionName, tag: "back-2-try2" });
  }
  const effects: ServiceEffects = {
    gcloud: () => Promise.resolve(""),
    readService: () => Promise.resolve(service),
    awaitRevision: () => Promise.resolve(),
    verify: () => Promise.resolve(),
  };
  const titles: string[] = [];
  for (const step of stepsOf(plan)) {
    const stops = await step.guard?.(effects).then(
      () => false,
      () => true,
    );
    if (stops !== true) titles.push(step.title.split(" ")[0] ?? "");
  }
  return titles;
}

function preview(state: State, to?: string): string {
  return previewPlan(rollback(state, to).plan);
}

describe("a rollback", () => {
  test("verifies the revision before at 0 %, then gives it all traffic", () => {
    expect(preview(twiceDeployed())).toMatchInlineSnapshot(`
      "gcloud run services update-traffic litellm-proxy --update-tags=back-2-try2=litellm-proxy-old --region=us-central1 --project=my-project --format=none

      npx tsx scripts/verify.ts dev --quick --tag=back-2-try2

      gcloud run services update-traffic litellm-proxy --to-revisions=litellm-proxy-old=100 --remove-tags=back-2-try2 --region=us-central1 --project=my-project --format=none"
    `);
  });

  test("goes one further back each time", () => {
    const settings = settingsWith({ CONCURRENCY: "7" });
    const state = deployOver(twiceDeployed(), "next", { settings });
    expect(rollback(state).revision).toBe("litellm-proxy-live");
    const traffic = [{ revisionName: "litellm-proxy-live", percent: 100 }];
    if (state.service?.status !== undefined) {
      state.service.status.traffic = traffic;
    }
    expect(rollback(state).revision).toBe("litellm-proxy-old");
  });

  test("drops the tags of earlier candidates with the same command", () => {
    const state = twiceDeployed();
    state.service?.status?.traffic?.push({
      revisionName: "litellm-proxy-live",
      tag: "cand-old1",
    });
    expect(preview(state)).toContain(
      "--remove-tags=cand-old1 --update-tags=back-2-try2=litellm-proxy-old",
    );
  });

  test("moves the traffic at once where what serves is not ready", () => {
    const state = twiceDeployed();
    fail(revisionNamed(state, "live"));
    // Where the newest itself failed, a newer one has to be made.
    Object.assign(state.service?.status ?? {}, {
      latestCreatedRevisionName: "litellm-proxy-old",
    });
    expect(preview(state)).toMatchInlineSnapshot(`
      "gcloud run services update-traffic litellm-proxy --to-revisions=litellm-proxy-old=100 --update-tags=back-2-try2=litellm-proxy-old --region=us-central1 --project=my-project --format=none

      npx tsx scripts/verify.ts dev --quick"
    `);
  });

  test("brings up only on the generation that it was planned on", async () => {
    const state = twiceDeployed();
    const planned = state.service?.metadata.generation ?? 0;
    const { plan } = rollback(state);
    const runsOn = (generation: number) =>
      titlesThatRunOn(plan, state, generation);
    const last = ["Verify", "Give"];
    expect(await runsOn(planned)).toEqual(["Bring", ...last]);
    expect(await runsOn(planned + 1)).toEqual(last);
  });

  test("moves no traffic that somebody moved, nor where the service was closed", async () => {
    const state = twiceDeployed();
    const give = stepsOf(rollback(state).plan).at(-1);
    const seen = (traffic: TrafficTarget[], annotations = {}) => {
      const service = structuredClone(state.service);
      if (service?.status !== undefined) service.status.traffic = traffic;
      Object.assign(service?.metadata.annotations ?? {}, annotations);
      return give?.guard?.({
        gcloud: () => Promise.resolve(""),
        readService: () => Promise.resolve(service),
        awaitRevision: () => Promise.resolve(),
        verify: () => Promise.resolve(),
      });
    };
    const live = { revisionName: "litellm-proxy-live", percent: 100 };
    const old = { revisionName: "litellm-proxy-old", tag: "back-2-try2" };
    const other = { revisionName: "litellm-proxy-else", tag: "cand-2-else" };
    await expect(seen([live, old, other])).resolves.toBeUndefined();
    await expect(
      seen([live, old], { "run.googleapis.com/ingress": "internal" }),
    ).rejects.toThrow("run.googleapis.com/ingress: all → internal");
    await expect(
      seen([{ ...live, revisionName: "litellm-proxy-else" }, old]),
    ).rejects.toThrow("the traffic was moved");
  });

  test("is nothing to do where what is asked for serves", () => {
    expect(rollback(twiceDeployed(), "live")).toMatchObject({
      plan: [],
      revision: "litellm-proxy-live",
    });
  });

  test("goes on with what an earlier one left half done, and no revision further", () => {
    const state = twiceDeployed();
    const revisionName = "litellm-proxy-old";
    state.service?.status?.traffic?.push({ revisionName, tag: "back-1-try1" });
    const resumed = rollback(state);
    expect(resumed.found).toEqual([
      "an earlier rollback did not end: it is gone on with, to litellm-proxy-old",
    ]);
    expect(previewPlan(resumed.plan)).toContain(
      "--to-revisions=litellm-proxy-old=100 --remove-tags=back-1-try1",
    );
    if (state.service !== undefined) state.service.metadata.generation = 9;
    expect(rollback(state).found).toEqual([
      "an earlier rollback did not end: litellm-proxy-old has the tag back-1-try1 still; it is given up",
    ]);
  });

  test("gives its tag again where another run took it, and is verified with it", async () => {
    const state = twiceDeployed();
    const verify = stepsOf(rollback(state).plan)[1];
    const service = structuredClone(state.service);
    const done: string[] = [];
    await verify?.run({
      gcloud: ({ args }) => {
        done.push(args.join(" "));
        return Promise.resolve("");
      },
      readService: () => Promise.resolve(service),
      awaitRevision: () => Promise.resolve(),
      verify: (revision, tag) => {
        done.push(`verified ${revision} at ${tag ?? ""}`);
        return Promise.resolve();
      },
    });
    expect(done).toEqual([
      expect.stringContaining("--update-tags=back-2-try2=litellm-proxy-old "),
      "verified litellm-proxy-old at back-2-try2",
    ]);
    expect(verify?.onFailure?.[0]?.args).toContain("--remove-tags=back-2-try2");
  });
});

describe("the target of a rollback", () => {
  test("is never a candidate that came up and failed its verification", () => {
    const state = twiceDeployed();
    const failed = structuredClone(revisionNamed(state, "live"));
    failed.metadata.name = "litellm-proxy-bad";
    state.revisions.unshift(failed);
    expect(rollback(state).revision).toBe("litellm-proxy-old");
    const settings = settingsWith({ CONCURRENCY: "7" });
    const next = deployOver(state, "next", { settings });
    expect(rollback(next).revision).toBe("litellm-proxy-live");
  });

  test("is not the revision that differs in its key alone", () => {
    const before = twiceDeployed();
    secretOf(before, "masterKey").versions.unshift({
      number: 2,
      state: "ENABLED",
    });
    const state = deployOver(before, "rotated");
    expect(rollback(state).to.metadata.name).toBe("litellm-proxy-old");
  });

  test("is not one that this project did not make, or that never came up", () => {
    const adopted = twiceDeployed();
    revisionNamed(adopted, "old").metadata.labels = {};
    expect(() => rollback(adopted)).toThrow("there is nothing to go back to");
    const broken = twiceDeployed();
    fail(revisionNamed(broken, "old"));
    expect(() => rollback(broken)).toThrow("there is nothing to go back to");
  });

  test("can be any revision of ours that came up", () => {
    const state = twiceDeployed();
    const failed = structuredClone(revisionNamed(state, "old"));
    failed.metadata.name = "litellm-proxy-bad";
    state.revisions.unshift(failed);
    expect(rollback(state, "bad").revision).toBe("litellm-proxy-bad");
    fail(failed);
    expect(() => rollback(state, "bad")).toThrow("never came up");
    failed.metadata.labels = {};
    expect(() => rollback(state, "bad")).toThrow("not made by this project");
  });

  test.each([["none", "has no revision litellm-proxy-none"]])(
    "cannot be %s",
    (to, message) => {
      expect(() => rollback(twiceDeployed(), to)).toThrow(message);
    },
  );

  test("needs its config", () => {
    const state = twiceDeployed();
    const secret = secretOf(state, "config");
    secret.versions = secret.versions.map((v) =>
      v.number === 2 ? { ...v, state: "DESTROYED" } : v,
    );
    expect(() => rollback(state)).toThrow(
      `its config ${OLD_ALIAS} is version 2 of secret litellm-config, which is destroyed`,
    );
    secret.aliases = {};
    expect(() => rollback(state)).toThrow(
      `its config ${OLD_ALIAS} is not in secret litellm-config any more`,
    );
  });

  test("needs the list of client keys that it reads", () => {
    const state = twiceDeployed();
    revisionNamed(state, "old").spec.volumes?.push({
      name: "client-keys",
      secret: {
        secretName: "litellm-client-keys",
        items: [{ key: "latest", path: "client-keys.json" }],
      },
    });
    const withList = (version: SecretState["versions"][number]) => {
      const clientKeys = {
        ...secretOf(state, "masterKey"),
        name: "litellm-client-keys",
        versions: [version],
      };
      return { ...state, secrets: { ...state.secrets, clientKeys } };
    };
    const to = "old";
    expect(() => rollback(state, to)).toThrow("in secret litellm-client-keys");
    expect(() =>
      rollback(withList({ number: 3, state: "DISABLED" }), to),
    ).toThrow("which is disabled");
    const found = rollback(withList({ number: 3, state: "ENABLED" }), to);
    expect(found.to.metadata.name).toBe("litellm-proxy-old");
  });

  test("must be of the env's mode", () => {
    const settings = settingsWith({ MODE: "apikey" });
    expect(() => rollback(twiceDeployed(), "old", settings)).toThrow(
      "it was made with MODE=vertex, and the env has MODE=apikey now",
    );
  });
});

describe("a new revision in place of the old one", () => {
  test.each(["DISABLED", "DESTROYED", "ENABLED"] as const)(
    "takes today's key where the old one is %s",
    (state) => {
      const cloud = twiceDeployed();
      secretOf(cloud, "masterKey").versions = [
        { number: 2, state: "ENABLED" },
        { number: 1, state },
      ];
      const { plan, revision, reasons } = rollback(cloud);
      const manifest = stepsOf(plan)[0]?.preview;
      expect(revision).toBe("litellm-proxy-try2");
      expect(reasons).toHaveLength(1);
      expect(manifest).toContain(`name: litellm-master-key
                  key: "2"`);
      expect(manifest).toContain(`key: ${OLD_ALIAS}`);
      expect(manifest).toContain("image: docker.io/litellm/litellm:v1.0.0");
    },
  );

  test("passes the same gate", () => {
    const state = twiceDeployed();
    secretOf(state, "masterKey").versions = [{ number: 2, state: "ENABLED" }];
    expect(preview(state)).toMatchInlineSnapshot(`
      "gcloud run services replace - --region=us-central1 --project=my-project --format=json <<'EOF'

      npx tsx scripts/verify.ts dev --quick --tag=back-2-try2

      gcloud run services update-traffic litellm-proxy --to-revisions=litellm-proxy-try2=100 --remove-tags=back-2-try2 --region=us-central1 --project=my-project --format=none"
    `);
  });

  test("is made where the newest revision failed: gcloud would call any change failed", () => {
    const state = twiceDeployed();
    const broken = structuredClone(revisionNamed(state, "live"));
    broken.metadata.name = "litellm-proxy-bad";
    fail(broken);
    state.revisions.unshift(broken);
    if (state.service?.status !== undefined) {
      state.service.status.latestCreatedRevisionName = "litellm-proxy-bad";
    }
    expect(rollback(state).revision).toBe("litellm-proxy-try2");
  });

  test("runs the very image that the old one ran, and leaves out what Google wrote", () => {
    const state = twiceDeployed();
    const old = revisionNamed(state, "old");
    const digest = `docker.io/litellm/litellm@sha256:${"d".repeat(64)}`;
    old.status = { ...old.status, imageDigest: digest };
    old.metadata.labels = {
      ...old.metadata.labels,
      "serving.knative.dev/service": "litellm-proxy",
    };
    secretOf(state, "masterKey").versions = [{ number: 2, state: "ENABLED" }];
    const manifest = stepsOf(rollback(state).plan)[0]?.preview;
    expect(manifest).toContain(`image: ${digest}`);
    expect(manifest).toContain(
      "client.knative.dev/user-image: docker.io/litellm/litellm:v1.0.0",
    );
    expect(manifest).not.toMatch(/serving\.knative\.dev\/service|location/);
  });
});

describe("a rollback is refused", () => {
  test("where nothing served before", () => {
    expect(() => rollback(deployedState())).toThrow(
      "there is nothing to go back to",
    );
  });

  test("where there is no service", () => {
    expect(() => rollback({ ...deployedState(), service: undefined })).toThrow(
      "there is no service litellm-proxy",
    );
  });

  test("where Cloud Deploy owns the service", () => {
    const state = twiceDeployed();
    const labels = state.service?.metadata.labels;
    if (labels !== undefined) labels["managed-by"] = "google-cloud-deploy";
    expect(() => rollback(state)).toThrow("is deployed by Cloud Deploy");
  });

  test("where Cloud Deploy owns it, and writes no labels", () => {
    const state = twiceDeployed();
    const metadata = state.service?.spec.template.metadata;
    const annotations = { "litellm-cloudrun-released": "2026-11-27" };
    Object.assign(metadata ?? {}, { annotations });
    expect(() => rollback(state)).toThrow("is deployed by Cloud Deploy");
  });
});
