import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createServiceAccount } from "../emulator/apis/iam/service-account.ts";
import {
  DEVELOPER,
  type Emulator,
  startEmulator,
} from "../emulator/emulator.ts";
import type { Calls } from "./timed-calls.ts";

const HELP = `Usage: npm run bench:emulator [-- options]

Times calls of the emulated Google in a project of many services, and watches how
its memory grows under them.

  --services=N   Default: 100.
  --soak=N       Seconds of calls, the memory once in a tenth of them. Default: 60.
  -h, --help     Print this help.
`;

/** Milliseconds at p99. */
const MOST = 5;
const IMAGE = "docker.io/example/container:v1";
const CONTAINER = path.resolve(
  import.meta.dirname,
  "../test/support/container.ts",
);
const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";
const SERVICES = "/v1/projects/demo-litellm/locations/us-central1/services";
const SECRETS = "/v1/projects/demo-litellm/secrets";

/** What a status, a plan and a deploy call most. */
const CALLS: Readonly<Record<string, string>> = {
  "a service": `${SERVICES}/service-1`,
  "all services": SERVICES,
  "a secret": `${SECRETS}/secret-1`,
  "all secrets": SECRETS,
};

const { values } = parseArgs({
  options: {
    services: { type: "string", default: "100" },
    soak: { type: "string", default: "60" },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await measure(Number(values.services), Number(values.soak));

async function measure(services: number, soak: number): Promise<void> {
  const emulator = await startEmulator({
    litellm: "stand-in",
    scripts: { [IMAGE]: CONTAINER },
  });
  try {
    await fill(emulator, services);
    await withClient(emulator, async (ask) => {
      await timeCalls(ask);
      await watchMemory(ask, soak);
    });
  } finally {
    await emulator.close();
  }
}

/** So many services, each with a secret beside it. */
async function fill(emulator: Emulator, services: number): Promise<void> {
  const project = emulator.cloud.project("demo-litellm");
  for (const api of ["run", "secretmanager", "iam"]) {
    project.enabledApis.add(`${api}.googleapis.com`);
  }
  createServiceAccount(project, ACCOUNT, {});
  const call = openCalls(emulator);
  process.stderr.write(`Making ${services} services …\n`);
  for (let number = 1; number <= services; number += 1) {
    await call("POST", `${SECRETS}?secretId=secret-${number}`, {
      replication: { automatic: {} },
    });
    const name = `service-${number}`;
    await call("POST", SERVICES, {
      apiVersion: "serving.knative.dev/v1",
      kind: "Service",
      metadata: { name },
      spec: {
        template: {
          spec: {
            serviceAccountName: ACCOUNT,
            containers: [{ image: IMAGE }],
          },
        },
      },
    });
    while (!(await isReady(call, name))) await delay(20);
  }
}

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

/** Calls of one person with one token; throws at what is refused. */
function openCalls(emulator: Emulator): Call {
  const token = emulator.cloud.newAccessToken(DEVELOPER);
  return async (method, path, body) => {
    const answer = await fetch(`${emulator.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text) as unknown;
  };
}

async function isReady(call: Call, name: string): Promise<boolean> {
  const { status } = (await call("GET", `${SERVICES}/${name}`)) as {
    status?: { conditions?: { type: string; status: string }[] };
  };
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "False") throw new Error(`${name} did not start`);
  return ready?.status === "True";
}

type Ask = (path: string, count: number) => Promise<number[]>;

/** Starts the process that asks, and ends it when `work` is done. */
async function withClient(
  emulator: Emulator,
  work: (ask: Ask) => Promise<void>,
): Promise<void> {
  const client = fork(path.join(import.meta.dirname, "timed-calls.ts"));
  const ended = new AbortController();
  client.once("exit", () => {
    ended.abort(new Error("the process that asks has ended"));
  });
  const token = emulator.cloud.newAccessToken(DEVELOPER);
  try {
    await work(async (asked, count) => {
      const calls: Calls = { url: `${emulator.url}${asked}`, token, count };
      client.send(calls);
      const { signal } = ended;
      const [times] = (await once(client, "message", { signal })) as [number[]];
      return times;
    });
  } finally {
    client.kill();
  }
}

async function timeCalls(ask: Ask): Promise<void> {
  for (const [what, asked] of Object.entries(CALLS)) {
    await ask(asked, 200);
    const sorted = (await ask(asked, 1000)).toSorted((a, b) => a - b);
    const [p50 = NaN, p99 = NaN] = [0.5, 0.99].map(
      (share) => sorted[Math.ceil(sorted.length * share) - 1],
    );
    const result = p99 < MOST ? "met" : "MISSED";
    process.stdout.write(
      `${what.padEnd(14)} p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  < ${MOST} ms ${result}\n`,
    );
  }
}

/** Resident memory of the emulator's process, which this one is, and what of it JavaScript still needs: garbage is collected before. */
async function watchMemory(ask: Ask, soak: number): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  let calls = 0;
  for (let tenth = 0; tenth <= 10; tenth += 1) {
    const until = performance.now() + (tenth === 0 ? 0 : soak * 100);
    while (performance.now() < until) {
      for (const asked of Object.values(CALLS)) {
        calls += (await ask(asked, 5)).length;
      }
    }
    // What is closed at the end of a call is garbage a moment later.
    await delay(500);
    collectGarbage();
    const { rss, heapUsed } = process.memoryUsage();
    const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
    process.stdout.write(
      `${String(Math.round((soak * tenth) / 10)).padStart(5)} s  ${String(calls).padStart(7)} calls  ${mib(rss).padStart(4)} MiB resident, ${mib(heapUsed).padStart(4)} MiB of it what JavaScript needs\n`,
    );
  }
}
