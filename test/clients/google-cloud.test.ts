import path from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import {
  REGION,
  create,
  newService,
  startRunEmulator,
} from "../support/cloud-run.ts";
import { type TestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startRunEmulator();
  expect((await create(emulator, newService())).status).toBe(200);
  await vi.waitFor(() => emulator.serviceUrl(REGION, "hello"), {
    timeout: 60_000,
    interval: 100,
  });
}, 90_000);
afterAll(() => emulator.close());

/** Each makes what it reads under names of its own, and prints what became of every call. */
test.each([
  ["google-cloud-python", "venv/bin/python -m google_cloud", "s-2", "r-1"],
  ["google-cloud-node", "node google-cloud/main.js", "n-2", "n-1"],
])(
  "%s over REST: each call is answered, or refused by its name",
  async (client, line, secret, repository) => {
    const ran = await emulator.run("bash", ["-c", line], {
      cwd: path.join(inject("clients"), client),
      env: {
        HTTP_PROXY: emulator.url,
        HTTPS_PROXY: emulator.url,
        NO_PROXY: "127.0.0.1",
        PATH: `${path.dirname(process.execPath)}:${process.env.PATH ?? ""}`,
      },
    });
    expectDone(ran);
    expect(JSON.parse(ran.stdout)).toMatchSnapshot();

    const names = "--format=value(name.basename())";
    const secrets = await emulator.gcloud(["secrets", "list", names]);
    expect(secrets.stdout.split("\n")).toContain(secret);
    const registry = ["artifacts", "repositories", "list", names];
    const region = `--location=${REGION}`;
    const repositories = await emulator.gcloud([...registry, region]);
    expect(repositories.stdout.split("\n")).toContain(repository);
  },
);
