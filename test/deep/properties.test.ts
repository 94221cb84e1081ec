import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listRevisions, listServices } from "../support/deep/snapshot.ts";
import {
  type Ended,
  GEMINI_KEY,
  type Stage,
  type TypedCommand,
  openStage,
  settleServices,
} from "../support/deep/stage.ts";
import { mutated } from "../support/deep/mutations.ts";
import { takeInventory } from "../support/inventory.ts";
import { SEED } from "../support/seed.ts";

const ENV = "envs/local.env";
const OURS = /^(litellm|litellmsa)/;
/** A failure is told with the whole sequence, and not shortened: each run takes seconds. */
const SLOW = { seed: SEED, endOnFailure: true } as const;

/** What may happen to a deployed gateway. */
type Event =
  | { kind: "deploy"; concurrency: number; mode: "vertex" | "apikey" }
  | { kind: "change config"; n: number }
  | { kind: "rollback" }
  | { kind: "gcloud"; args: string[] };

const SERVICE = ["litellm-proxy", "--region=us-central1"];

/** `REVISION` stands for the oldest one. */
const FOREIGN: string[][] = [
  ["run", "services", "update", ...SERVICE, "--concurrency=7"],
  ["run", "services", "update", ...SERVICE, "--update-labels=team=a"],
  ["run", "services", "update", ...SERVICE, "--no-traffic", "--cpu=2"],
  ["run", "services", "update", ...SERVICE, "--max-instances=3"],
  [
    ...["run", "services", "update-traffic", ...SERVICE],
    "--to-revisions=REVISION=100",
  ],
  [
    ...["run", "services", "update-traffic", ...SERVICE],
    "--update-tags=theirs=REVISION",
  ],
  [
    ...["secrets", "add-iam-policy-binding", "litellm-config"],
    ...["--member=user:a@example.com", "--role=roles/secretmanager.viewer"],
  ],
  ["secrets", "update", "litellm-master-key", "--update-labels=team=a"],
  [
    ...["projects", "add-iam-policy-binding", "demo-litellm"],
    ...["--member=user:a@example.com", "--role=roles/viewer"],
  ],
];

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant("deploy" as const),
    concurrency: fc.integer({ min: 1, max: 80 }),
    mode: fc.constantFrom("vertex" as const, "apikey" as const),
  }),
  fc.record({ kind: fc.constant("change config" as const), n: fc.nat(99) }),
  fc.record({ kind: fc.constant("rollback" as const) }),
  fc.record({
    kind: fc.constant("gcloud" as const),
    args: fc.constantFrom(...FOREIGN),
  }),
);

const deploy: TypedCommand = {
  script: "deploy.ts",
  args: ["local"],
  env: { GEMINI_API_KEY: GEMINI_KEY },
};

async function happen(stage: Stage, what: Event): Promise<void> {
  const { workspace, emulator } = stage;
  if (what.kind === "deploy") {
    await workspace.edit(ENV, (text) =>
      [
        text.replace(/^(MODE|CONCURRENCY)=.*\n/gm, ""),
        `MODE=${what.mode}\nCONCURRENCY=${what.concurrency}\n`,
      ].join(""),
    );
    expectDone(await stage.start(deploy).ended);
  } else if (what.kind === "change config") {
    for (const mode of ["vertex", "apikey"]) {
      await workspace.edit(
        `config/litellm.${mode}.yaml`,
        (text) => `${text}# ${what.n}\n`,
      );
    }
  } else if (what.kind === "rollback") {
    const args = ["local", "--yes"];
    // There may be nothing to go back to.
    const { stderr } = await stage.start({ script: "rollback.ts", args }).ended;
    expect(stderr).not.toContain("This is a bug");
  } else {
    const [revision = ""] = listRevisions(emulator.cloud);
    const args = what.args.map((arg) => arg.replace("REVISION", revision));
    // Of what is not there yet there is nothing to change.
    await emulator.gcloud([...args, "--project=demo-litellm", "--quiet"]);
  }
  await settleServices(stage);
}

function expectDone({ end, stderr }: Ended): void {
  expect(`${String(end)} ${stderr}`).toMatch(/^0 /);
}

/** Things of somebody else in the same project. */
async function addForeign({ emulator }: Stage): Promise<void> {
  const run = async (args: string[], input = "") => {
    const project = "--project=demo-litellm";
    const done = await emulator.gcloud([...args, project], { input });
    expect(`${String(done.exitCode)} ${done.stderr}`).toMatch(/^0 /);
  };
  await run([
    ...["services", "enable", "run.googleapis.com", "iam.googleapis.com"],
    "secretmanager.googleapis.com",
  ]);
  await run(["iam", "service-accounts", "create", "theirs-only"]);
  await run(["secrets", "create", "theirs", "--data-file=-"], "secret");
  await run([
    ...["run", "deploy", "theirs", "--region=us-central1"],
    ...["--image=us-docker.pkg.dev/cloudrun/container/hello"],
    "--service-account=theirs-only@demo-litellm.iam.gserviceaccount.com",
  ]);
}

describe("for any state that a gateway may be in", () => {
  test(
    "deploy reaches what is wanted, the next one writes nothing, and clean leaves what is not ours",
    { timeout: 900_000 },
    async () => {
      const sequences = fc.array(event, { minLength: 1, maxLength: 5 });
      const property = fc.asyncProperty(sequences, async (events) => {
        const stage = await openStage();
        try {
          await addForeign(stage);
          for (const what of events) await happen(stage, what);
          await expectConverged(stage);
          const before = foreignOf(stage);
          const args = ["local", "--yes"];
          expectDone(await stage.start({ script: "clean.ts", args }).ended);
          expect(foreignOf(stage)).toEqual(before);
          expect(oursOf(stage)).toEqual([]);
        } finally {
          await stage.close();
        }
      });
      await fc.assert(property, { ...SLOW, numRuns: 8 });
    },
  );
});

/** A deploy ends in what the files say; another one writes nothing. */
async function expectConverged(stage: Stage): Promise<void> {
  expectDone(await stage.start(deploy).ended);
  const text = await readFile(
    path.join(stage.workspace.directory, ENV),
    "utf8",
  );
  const wanted = Number(/^CONCURRENCY=(\d+)/m.exec(text)?.[1] ?? 40);
  const service = listServices(stage.emulator.cloud).find(
    ({ name }) => name === "litellm-proxy",
  );
  const [serving, ...others] = (service?.serving ?? []).filter(
    ({ percent = 0 }) => percent > 0,
  );
  expect(others).toEqual([]);
  const { spec } =
    service?.revisions.get(serving?.revisionName ?? "")?.template ?? {};
  expect(spec?.containerConcurrency).toBe(wanted);
  let writes = 0;
  stage.judge = (call, passOn) => {
    if (call.isWrite) writes += 1;
    return passOn();
  };
  const again = await stage.start(deploy).ended;
  stage.judge = (_, passOn) => passOn();
  expectDone(again);
  expect(again.stderr).toContain("Nothing to do");
  expect(writes).toBe(0);
}

function linesOf({ emulator }: Stage): string[] {
  const { accounts, bindings, secrets, services } = takeInventory(emulator);
  return [...accounts, ...bindings, ...secrets, ...services];
}

function foreignOf(stage: Stage): string[] {
  return linesOf(stage).filter(
    (line) => /theirs|user:a@/.test(line) && !OURS.test(line),
  );
}

function oursOf(stage: Stage): string[] {
  return linesOf(stage).filter((line) =>
    /litellmsa|litellm-(proxy|config|master|gemini)/.test(line),
  );
}

describe("a file that somebody slipped in", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  /** A message and the right code; never a stack. */
  function expectClear({ end, stderr }: Ended, codes: readonly number[]): void {
    expect(stderr).not.toMatch(/This is a bug|^\s+at .*:\d+:\d+\)?$/m);
    expect(codes).toContain(end);
    if (end !== 0) expect(stderr).toMatch(/^error: \S/m);
  }

  test.each(["vertex", "apikey"])(
    "makes no check of a config crash: %s",
    { timeout: 300_000 },
    async (mode) => {
      const { directory } = stage.workspace;
      const file = path.join(directory, `config/litellm.${mode}.yaml`);
      const text = await readFile(file, "utf8");
      const many = fc.array(mutated(text), { minLength: 40, maxLength: 40 });
      const property = fc.asyncProperty(many, async (texts) => {
        const names = texts.map((_, n) => `mutated-${mode}-${n}.yaml`);
        for (const [n, content] of texts.entries()) {
          await writeFile(path.join(directory, names[n] ?? ""), content);
        }
        const check = (files: string[]) =>
          stage.start({
            script: "validate.ts",
            args: [...files, `--mode=${mode}`],
          }).ended;
        const all = await check(names);
        if (all.end === 0 || all.end === 2) {
          expectClear(all, [0, 2]);
          return;
        }
        // One of them did it: that one is told.
        for (const name of names) {
          const one = await check([name]);
          const content = await readFile(path.join(directory, name), "utf8");
          const context = `${one.stderr}\n${JSON.stringify(content)}`;
          expectClear({ ...one, stderr: context }, [0, 2]);
        }
      });
      await fc.assert(property, { ...SLOW, numRuns: 10 });
    },
  );

  test("makes no check of settings crash", { timeout: 300_000 }, async () => {
    const { directory } = stage.workspace;
    const text = [
      "PROJECT_ID=demo-litellm\nREGION=us-central1\nMODE=vertex\n",
      "SERVICE=litellm-proxy\nCPU=1\nMEMORY=1Gi\nCONCURRENCY=40\n",
      "MIN_INSTANCES=0\nMAX_INSTANCES=10\nTIMEOUT=600\nACCESS=public\n",
      "IMAGE=docker.io/litellm/litellm:v1.108.14\nDELIVERY=direct\n",
    ].join("");
    const property = fc.asyncProperty(mutated(text), async (content) => {
      await writeFile(path.join(directory, "envs/slip.env"), content);
      const args = ["slip", "--dry-run"];
      const run = await stage.start({ script: "deploy.ts", args }).ended;
      const context = `${run.stderr}\n${JSON.stringify(content)}`;
      // A valid project or region that is not there is Google's to refuse: 1.
      expectClear({ ...run, stderr: context }, [0, 1, 2]);
    });
    await fc.assert(property, { ...SLOW, numRuns: 60 });
  });
});
