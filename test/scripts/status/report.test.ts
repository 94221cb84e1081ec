import { describe, expect, test } from "vitest";
import type { EnvStatus } from "../../../scripts/lib/status/env-status.ts";
import {
  formatOverview,
  formatStatus,
} from "../../../scripts/lib/status/report.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");

const PROD: EnvStatus = {
  env: "prod-us",
  project: "my-project",
  region: "us-central1",
  service: "litellm-proxy-prod",
  serving: {
    url: "https://litellm-proxy-prod-abc-uc.a.run.app",
    revision: "litellm-proxy-prod-00002-xyz",
    image: "us-central1-docker.pkg.dev/my-project/litellm/litellm@sha256:abcd",
    litellm: null,
    config: {
      secret: "litellm-config",
      version: "sha-0123456789ab",
      created: "2026-11-24T12:00:00Z",
      files: { "callbacks.py": "sha-ba9876543210" },
    },
    keys: { masterKey: "2", geminiKey: "1" },
    clientKeys: "litellm-client-keys",
    traffic: [
      { revision: "litellm-proxy-prod-00002-xyz", percent: 90, tag: null },
      { revision: "litellm-proxy-prod-00003-abc", percent: 10, tag: "canary" },
    ],
    deployed: {
      at: "2026-11-27T10:00:00Z",
      by: "deployer@my-project.iam.gserviceaccount.com",
      commit: "0123456789ab",
    },
    health: {
      ready: false,
      reason: "Revision 'litellm-proxy-prod-00003-abc' is not ready.",
      answer: null,
    },
    pipeline: {
      pipeline: "projects/p/locations/r/deliveryPipelines/litellm",
      rollouts: [
        {
          rollout: "r-aaaaaaaaaaaa-to-prod-us-0001",
          release: "r-aaaaaaaaaaaa",
          state: "PENDING_APPROVAL",
          created: "2026-11-27T11:00:00Z",
          needsApproval: true,
        },
      ],
    },
  },
};

describe("an env that Cloud Deploy owns", () => {
  test("shows its rollouts, and the command that approves one", () => {
    const shown = formatStatus(PROD, { width: 80, now: NOW });
    expect(shown).toMatchInlineSnapshot(`
      "prod-us   litellm-proxy-prod in my-project, us-central1
      traffic   litellm-proxy-prod-00002-xyz 90 %, litellm-proxy-prod-00003-abc 10 %
                (tag canary)
      image     us-central1-docker.pkg.dev/my-project/litellm/litellm@sha256:abcd
      LiteLLM   the image's tag does not tell
      config    sha-0123456789ab of litellm-config, made 3 d ago, with callbacks.py
      keys      master key: version 2, Gemini API key: version 1, clients: the latest
                of litellm-client-keys
      deployed  2026-11-27 10:00:00 UTC by
                deployer@my-project.iam.gserviceaccount.com, commit 0123456789ab
      health    not ready: Revision 'litellm-proxy-prod-00003-abc' is not ready.
      url       https://litellm-proxy-prod-abc-uc.a.run.app
      pipeline  litellm
                PENDING_APPROVAL r-aaaaaaaaaaaa-to-prod-us-0001, 2026-11-27 11:00:00
                UTC
      prod-us   r-aaaaaaaaaaaa-to-prod-us-0001 waits for an approval:
                npx tsx scripts/promote.ts prod-us --release=r-aaaaaaaaaaaa \\
                  --approve"
    `);
  });

  test("tells in the overview what waits, what splits and what is not well", () => {
    const shown = formatOverview([PROD], { width: 80, now: NOW });
    expect(shown).toMatchInlineSnapshot(`
      "ENV      REVISION    LITELLM  CONFIG            DEPLOYED  HEALTH
      prod-us  …00002-xyz  ?        sha-0123456789ab  2 h ago   not ok

      prod-us   traffic: litellm-proxy-prod-00002-xyz 90 %,
                litellm-proxy-prod-00003-abc 10 % (tag canary)
      prod-us   not ready: Revision 'litellm-proxy-prod-00003-abc' is not ready.
      prod-us   r-aaaaaaaaaaaa-to-prod-us-0001 waits for an approval:
                npx tsx scripts/promote.ts prod-us --release=r-aaaaaaaaaaaa \\
                  --approve"
    `);
  });
});

test.each([80, 60, 40])("in %i columns no word is broken", (width) => {
  const page = { width, now: NOW };
  const words = (text: string): Set<string> => new Set(text.split(/\s+/));
  const wide = words(formatStatus(PROD, { width: 1000, now: NOW }));
  const shown = formatStatus(PROD, page);
  expect([...words(shown)].filter((w) => w !== "\\" && !wide.has(w))).toEqual(
    [],
  );
  const tooLong = shown.split("\n").filter((line) => line.length > width);
  // But for a single word that is longer.
  expect(tooLong.filter((line) => /\S\s+\S/.test(line.slice(10)))).toEqual([]);
});

test("where the table does not fit, the envs stand one below the other", () => {
  const shown = formatOverview([PROD, PROD], { width: 40, now: NOW });
  expect(shown).not.toContain("REVISION");
  expect(shown.match(/^prod-us +litellm-proxy-prod/gm)).toHaveLength(2);
});
