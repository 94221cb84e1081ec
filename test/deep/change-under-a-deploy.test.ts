import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Recorder } from "../../emulator/core/exchange.ts";
import { settled } from "../support/cloud-run.ts";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService, listServing } from "../support/services.ts";
import { type RestAnswer, callRest } from "../support/rest.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const CONFIG = "config/litellm.vertex.yaml";
const SERVICE =
  "/v1/projects/demo-litellm/locations/us-central1/services/litellm-proxy";
const FIX = "litellm-proxy-00002-fix";
const COLLEAGUE = { caller: "user:colleague@example.com" } as const;

let emulator: TestEmulator;
let workspace: Workspace;
let onExchange: Recorder = () => undefined;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    record: (exchange) => onExchange(exchange),
  });
  emulator.addOwner(COLLEAGUE.caller);
  workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts"));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

const serving = () => listServing(emulator);

function changeConfig(): Promise<void> {
  return workspace.edit(CONFIG, (text) => `${text}# changed\n`);
}

/** Right behind the plan. */
const PLANNED = [/POST .*litellm-config:addVersion/];
/** When the deploy has looked at the service for the last time before it writes. */
const WRITING = [...PLANNED, /GET .*namespaces.*\/services\/litellm-proxy$/];
/** When the verification has its key. */
const VERIFYING = [...WRITING, /GET .*litellm-master-key.*:access/];

/** Deploys a change; a colleague acts once, before the deploy has the answer to the last of these requests. */
async function deployWhile(
  moment: readonly RegExp[],
  act: () => Promise<RestAnswer>,
): Promise<Finished> {
  await changeConfig();
  const acted = Promise.withResolvers<RestAnswer>();
  const awaited = [...moment];
  onExchange = ({ method, path }) => {
    if (awaited[0]?.test(`${method} ${path}`) !== true) return;
    awaited.shift();
    if (awaited.length > 0) return;
    onExchange = () => undefined;
    return act().then(acted.resolve, acted.reject);
  };
  const run = await workspace.script("deploy.ts");
  expect(awaited, run.stderr).toEqual([]);
  expect((await acted.promise).message).toBe("");
  return run;
}

interface Sent {
  spec: {
    template: { metadata: { name?: string }; spec: { timeoutSeconds: number } };
    traffic: { revisionName: string; percent?: number; tag?: string }[];
  };
}

/** The colleague writes the service, as it is but for a change. */
async function writeService(
  change: (service: Sent) => void,
): Promise<RestAnswer> {
  const { body } = await callRest(emulator, "GET", SERVICE);
  const service = structuredClone(body as Sent);
  change(service);
  const answer = await callRest(emulator, "PUT", SERVICE, service, COLLEAGUE);
  // What still changes by itself would be a conflict for gcloud.
  await settled(emulator, "litellm-proxy");
  return answer;
}

/** As `gcloud run services update-traffic --to-revisions` does: tags stay. */
function giveTrafficTo(revisionName: string): Promise<RestAnswer> {
  return writeService(({ spec }) => {
    const tags = spec.traffic.filter((t) => t.tag !== undefined);
    spec.traffic = [{ revisionName, percent: 100 }, ...tags];
  });
}

describe("a change of the service under a deploy", () => {
  test("stops it before it writes over that", async () => {
    const run = await deployWhile(PLANNED, () =>
      writeService(({ spec }) => {
        spec.template.metadata.name = FIX;
        spec.template.spec.timeoutSeconds = 111;
      }),
    );
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("somebody else changed service litellm-proxy");
    expect(run.stderr).toMatch(
      /colleague@example\.com was the last to write it; traffic: \S+ 100 %/,
    );
    expect(findService(emulator)?.latestCreated).toBe(FIX);
  });

  test("that it wrote over is told, with the command that brings it back", async () => {
    const before = serving();
    const other = "litellm-proxy-00003-fix";
    const run = await deployWhile(WRITING, () =>
      writeService(({ spec }) => {
        spec.template.metadata.name = other;
        spec.template.spec.timeoutSeconds = 222;
        spec.traffic = [{ revisionName: other, percent: 100 }];
      }),
    );
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /colleague@example\.com made revision litellm-proxy-00003-fix at \d{4}-/,
    );
    expect(run.stderr).not.toContain("Give all traffic");
    expect(serving()).toEqual(before);
    const command = /revision back: (gcloud .*)/.exec(run.stderr)?.[1] ?? "";
    expectDone(await workspace.paste(command));
    expect(serving()).toEqual([`${other} 100 `]);
  });

  test("that made no revision is told, with the command that says who it was", async () => {
    const before = serving();
    const run = await deployWhile(WRITING, () => giveTrafficTo(FIX));
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("No revision appeared");
    expect(run.stderr).toContain("Who it was: gcloud logging read");
    expect(run.stderr).toContain("--to-revisions=REVISION=100");
    expect(serving()).toEqual(before);
  });

  test("keeps the traffic where it was moved while the candidate was verified", async () => {
    const run = await deployWhile(VERIFYING, () => giveTrafficTo(FIX));
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("somebody else changed service litellm-proxy");
    expect(serving()).toEqual([`${FIX} 100 `]);
  });

  test("does not keep the next deploy from its work", async () => {
    const [before] = serving();
    expectDone(await workspace.script("deploy.ts"));
    expect(serving()).toHaveLength(1);
    expect(serving()).not.toEqual([before]);
  });
});

itConforms(() => emulator.exchanges);
