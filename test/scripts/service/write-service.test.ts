import { describe, expect, test } from "vitest";
import type {
  Revision,
  Service,
} from "../../../scripts/lib/manifest/knative.ts";
import type { ServiceEffects } from "../../../scripts/lib/service/effects.ts";
import type { State } from "../../../scripts/lib/service/state/state.ts";
import { GcloudError } from "../../../scripts/lib/google/gcloud.ts";
import {
  orDoneBefore,
  replaceStep,
} from "../../../scripts/lib/service/write-service.ts";
import { deployedState, settingsWith } from "../../support/states.ts";

const settings = settingsWith();
const OURS = "litellm-proxy-ours1";
const THEIRS = "litellm-proxy-theirs1";
const CREATED = "2026-11-24T00:00:00Z";

interface Found {
  /** Whose revision the service names after the write, and whose tag it has. */
  template: string;
  tag?: string;
  generation: number;
  created?: string;
}

/** Writes a candidate, or the first revision, and finds that; returns the commands that it ran. */
async function write(
  { template, tag = "cand-2-ours1", generation, created = CREATED }: Found,
  first = false,
  ran: string[] = [],
): Promise<string[]> {
  const state: State = deployedState();
  const { service } = state;
  if (service === undefined) throw new Error("deployed, and no service");
  service.metadata.creationTimestamp = CREATED;
  const named = (name: string, target: object): Service => ({
    ...service,
    metadata: { ...service.metadata, generation, creationTimestamp: created },
    spec: {
      template: { ...service.spec.template, metadata: { name } },
      traffic: [{ revisionName: name, percent: first ? 100 : 0, ...target }],
    },
    status: {
      ...service.status,
      traffic: [{ revisionName: name, percent: first ? 100 : 0 }],
    },
  });
  const found = named(template, { tag });
  const theirs = {
    metadata: {
      name: THEIRS,
      annotations: { "serving.knative.dev/creator": "colleague@example.com" },
    },
  } as unknown as Revision;
  const effects: ServiceEffects = {
    gcloud: ({ args }) => {
      ran.push(args.slice(0, 3).join(" "));
      const isList = args.includes("list");
      return Promise.resolve(JSON.stringify(isList ? [theirs] : found));
    },
    readService: () => Promise.resolve(found),
    awaitRevision: () => Promise.resolve(),
    verify: () => Promise.resolve(),
  };
  const manifest = named(OURS, { tag: "cand-2-ours1" });
  await replaceStep({ settings, state, manifest }, "Bring up").run(effects);
  return ran;
}

describe("of two candidates at once", () => {
  test.each([
    ["brought another revision", { template: THEIRS }],
    ["gave another tag", { template: OURS, tag: "back-2-theirs1" }],
  ])("the first goes on, where what came later %s", async (_, found) => {
    expect(await write({ ...found, generation: 3 })).toEqual([
      "run services replace",
    ]);
  });

  test("the one that wrote over the other stops, and says whose it is", async () => {
    await expect(write({ template: OURS, generation: 3 })).rejects.toThrow(
      /at generation 3, planned was 2\.\n {2}colleague@example\.com made revision litellm-proxy-theirs1/,
    );
  });
});

describe("of two first revisions at once", () => {
  test("the last one goes on, as it has the traffic", async () => {
    const ran = await write({ template: OURS, generation: 3 }, true);
    expect(ran[0]).toBe("run services replace");
  });

  test("the first one stops, and says who took it", async () => {
    await expect(
      write({ template: THEIRS, generation: 3 }, true),
    ).rejects.toThrow(
      `the traffic went to ${THEIRS} right after this run gave it to ${OURS}`,
    );
  });
});

test("a removed service that the write made anew is told, and removed again", async () => {
  const created = "2026-11-24T01:00:00Z";
  const ran: string[] = [];
  await expect(
    write({ template: OURS, generation: 1, created }, false, ran),
  ).rejects.toThrow(
    "somebody else removed service litellm-proxy at the same time",
  );
  expect(ran).toEqual(["run services replace", "run services delete"]);
});

describe("a write that got no answer and was sent again", () => {
  const { service } = deployedState();
  const fail = (said: string) => () =>
    Promise.reject(
      new GcloudError({ args: ["run"] }, 1, `ERROR: (gcloud.run) ${said}`),
    );
  const effects = { readService: () => Promise.resolve(service) };
  const tryIt = (said: string, isDone: boolean) =>
    orDoneBefore(effects, fail(said), () => isDone);

  test.each(["ABORTED: Conflict.", "RESOURCE_EXHAUSTED: Quota exceeded."])(
    "is done where the service is as it makes it: %s",
    async (said) => {
      expect(await tryIt(said, true)).toBe(service);
      await expect(tryIt(said, false)).rejects.toThrow(said);
    },
  );

  test("fails for anything else, whatever the service is", async () => {
    await expect(tryIt("PERMISSION_DENIED: no.", true)).rejects.toThrow(
      "PERMISSION_DENIED",
    );
  });
});
