import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exchange } from "../../emulator/exchange.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { isWrite } from "../support/inventory.ts";
import { type RestAnswer, callRest } from "../support/rest.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const CONFIG = "config/litellm.vertex.yaml";
const CONFIG_SECRET = "/v1/projects/demo-litellm/secrets/litellm-config";
const SERVICE =
  "/v1/projects/demo-litellm/locations/us-central1/services/litellm-proxy";
const COLLEAGUE = { caller: "user:colleague@example.com" } as const;

let emulator: TestEmulator;
let workspace: Workspace;
let onExchange: (exchange: Exchange) => void = () => undefined;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    record: (exchange) => {
      onExchange(exchange);
    },
  });
  workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts"));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function expectDone({ exitCode, stderr }: Finished): void {
  expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 /);
}

function serving(): string[] {
  const [service] = emulator.cloud
    .project(emulator.projectId)
    .services.values();
  return (service?.serving ?? []).map(
    (t) => `${t.revisionName} ${String(t.percent ?? 0)} ${t.tag ?? ""}`,
  );
}

function changeConfig(): Promise<void> {
  return workspace.edit(CONFIG, (text) => `${text}# changed\n`);
}

/** Deploys a change; a colleague acts once, when the deploy's first write of this kind has been answered. */
async function deployWhile(
  write: RegExp,
  act: () => Promise<RestAnswer>,
): Promise<Finished> {
  await changeConfig();
  const acted = Promise.withResolvers<RestAnswer>();
  onExchange = (exchange) => {
    if (!isWrite(exchange) || !write.test(exchange.path)) return;
    onExchange = () => undefined;
    act().then(acted.resolve, acted.reject);
  };
  const run = await workspace.script("deploy.ts");
  expect((await acted.promise).message).toBe("");
  return run;
}

interface Sent {
  spec: {
    template: { metadata: { name?: string }; spec: { timeoutSeconds: number } };
    traffic: object[];
  };
}

/** The colleague writes the service, as it is but for a change. */
async function writeService(
  change: (service: Sent) => void,
): Promise<RestAnswer> {
  const { body } = await callRest(emulator, "GET", SERVICE);
  const service = structuredClone(body as Sent);
  change(service);
  return callRest(emulator, "PUT", SERVICE, service, COLLEAGUE);
}

describe("a change of the service between plan and write", () => {
  test("stops the deploy, and its command brings the other revision back", async () => {
    const before = serving();
    const run = await deployWhile(/litellm-config:addVersion/, () =>
      writeService(({ spec }) => {
        spec.template.metadata.name = "litellm-proxy-00002-fix";
        spec.template.spec.timeoutSeconds = 111;
        spec.traffic = [
          { revisionName: "litellm-proxy-00002-fix", percent: 100 },
        ];
      }),
    );
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("somebody else changed service litellm-proxy");
    expect(run.stderr).toMatch(
      /colleague@example\.com made revision litellm-proxy-00002-fix at \d{4}-/,
    );
    expect(run.stderr).not.toContain("Give all traffic");
    expect(serving()).toEqual(before);
    const command = /revision back: (gcloud .*)/.exec(run.stderr)?.[1] ?? "";
    expectDone(await workspace.paste(command));
    expect(serving()).toEqual(["litellm-proxy-00002-fix 100 "]);
  });

  test("that made no revision is told, with the command that says who it was", async () => {
    expectDone(await workspace.script("deploy.ts"));
    const [before = ""] = serving();
    const run = await deployWhile(/litellm-config:addVersion/, () =>
      writeService(({ spec }) => {
        spec.traffic = [
          { revisionName: "litellm-proxy-00002-fix", percent: 100 },
        ];
      }),
    );
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("No revision appeared");
    expect(run.stderr).toContain("Who it was: gcloud logging read");
    expect(run.stderr).toContain("--to-revisions=REVISION=100");
    expect(serving()).toEqual([before]);
  });

  test("does not keep the next deploy from its work", async () => {
    const [before] = serving();
    expectDone(await workspace.script("deploy.ts"));
    expect(serving()).toHaveLength(1);
    expect(serving()).not.toEqual([before]);
  });
});

describe("a version that somebody else adds to a secret", () => {
  test("stops the deploy before it touches the service, and the next one goes on", async () => {
    await changeConfig();
    let added: Promise<RestAnswer> | undefined;
    onExchange = ({ method, path }) => {
      if (method !== "GET" || !path.startsWith(`${CONFIG_SECRET}/versions`)) {
        return;
      }
      onExchange = () => undefined;
      const payload = { data: Buffer.from("theirs").toString("base64") };
      const path_ = `${CONFIG_SECRET}:addVersion`;
      added = callRest(emulator, "POST", path_, { payload }, COLLEAGUE);
    };
    const before = emulator.exchanges.length;
    const run = await workspace.script("deploy.ts");
    expect((await added)?.message).toBe("");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      "somebody else added a version to secret litellm-config at the same time",
    );
    const written = emulator.exchanges.slice(before).filter(isWrite);
    expect(written.map((e) => e.path)).toEqual([
      `${CONFIG_SECRET}:addVersion`,
      expect.stringContaining("litellm-config:addVersion"),
    ]);
    expectDone(await workspace.script("deploy.ts"));
  });
});

describe("two deploys at once", () => {
  test("leave one whole revision serving, and the next one has it right", async () => {
    const [before = ""] = serving();
    await changeConfig();
    const runs = await Promise.all([
      workspace.script("deploy.ts"),
      workspace.script("deploy.ts"),
    ]);
    for (const { exitCode, stderr } of runs) {
      if (exitCode === 0) continue;
      expect(stderr).toMatch(/^error: .*(at the same time|etag|has no tag)/ms);
      expect(stderr).not.toContain("This is a bug");
    }
    expect(serving()).toHaveLength(1);
    expectDone(await workspace.script("deploy.ts"));
    expect(serving()).toHaveLength(1);
    expect(serving()).not.toEqual([before]);
    const again = await workspace.script("deploy.ts");
    expect(again.stderr).toContain("Nothing to do");
  });
});
