import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../core/user-error.ts";
import { DEVELOPER } from "../../emulator.ts";
import type { Rollout } from "../../apis/cloud-deploy/rollout.ts";
import type { Gateway } from "../gateway.ts";
import { serviceUrl } from "../../apis/run/place.ts";
import type { Client } from "./client.ts";
import { type Push, describeRow } from "./progress.ts";
import type { Telling } from "./telling.ts";
import type { Stage } from "./stage.ts";
import { formatTable } from "./table.ts";
import { deliveryOf } from "../../apis/cloud-deploy/state.ts";

const TARGETS = ["dev", "prod-us", "prod-eu"];
const SERVICE = "litellm-proxy-prod";
const KEY = "litellm-master-key-prod";
const PATIENCE_SECONDS = 180;
const TICK_MS = 250;

/** What the rehearsal sees of Cloud Build and Cloud Deploy. */
export interface Watch {
  /** Commits and pushes what the clone holds. */
  push: (title: string) => Promise<Push>;
  /** Promotes the newest release and approves it, as a person does. */
  promote: (options?: { fails?: boolean }) => Promise<void>;
  /** Waits for the state of a build or of a target's rollout. Throws UserError when another end comes first. */
  until: (push: Push, where: string, state: string) => Promise<void>;
  untilRolledBack: (push: Push, target: string) => Promise<void>;
  /** Throws UserError where a target has seen the push. */
  expectNone: (push: Push, target: string) => void;
  /** Where prod answers in a region. */
  gateway: (region: string) => Gateway;
  /** Whose requests the table counts. */
  count: (clients: readonly Client[]) => void;
  stop: () => Promise<void>;
}

const ENDED = new Set([
  "SUCCEEDED",
  "FAILED",
  "APPROVAL_REJECTED",
  "CANCELLED",
  "SUCCESS",
  "FAILURE",
  "INTERNAL_ERROR",
  "TIMEOUT",
]);

/** Shows the table until it is stopped. */
export function startWatch(stage: Stage, telling: Telling): Watch {
  const { cloud } = stage.emulator;
  const delivery = deliveryOf(cloud);
  const pushes: Push[] = [];
  const token = cloud.newAccessToken(DEVELOPER);
  let clients: readonly Client[] = [];
  const show = () => {
    telling.show(
      formatTable(
        ["push", "build", ...TARGETS],
        pushes.map((push) => describeRow(push, TARGETS, delivery)),
      ) + describeClients(clients),
    );
  };
  const stopping = new AbortController();
  const ticking = (async () => {
    while (!stopping.signal.aborted) {
      await readBuilds(stage, token, pushes);
      show();
      await delay(TICK_MS);
    }
  })();
  const find = (push: Push, target: string): Rollout | undefined =>
    [...delivery.rollouts.values()].find(
      (rollout) =>
        rollout.name.includes(`/releases/${push.release}/`) &&
        rollout.targetId === target,
    );
  const wait = async (what: string, isDone: () => boolean) => {
    const end = Date.now() + PATIENCE_SECONDS * 1000;
    while (!isDone()) {
      telling.signal.throwIfAborted();
      if (Date.now() > end) throw new UserError(`gave up waiting for ${what}`);
      await delay(TICK_MS);
    }
    show();
  };
  return {
    async push(title) {
      const commit = await stage.checkout.commit(title);
      const push = { title, release: `r-${commit.slice(0, 12)}`, build: "" };
      pushes.push(push);
      await stage.push(commit);
      return push;
    },
    async promote({ fails = false } = {}) {
      const run = stage.run("promote.ts", "--approve", "--yes");
      if (!fails) await run;
      else await expectFailure(run);
    },
    async until(push, where, state) {
      const read = () =>
        where === "build" ? push.build : (find(push, where)?.state ?? "");
      await wait(`${where} of "${push.title}": ${state}`, () =>
        ENDED.has(read()),
      );
      if (read() === state) return;
      throw new UserError(
        `${where} of "${push.title}" is ${read()}, expected ${state}`,
        { hint: "npm run rehearse -- --log shows what happened." },
      );
    },
    untilRolledBack: (push, target) =>
      wait(`the rollback of "${push.title}" on ${target}`, () =>
        (find(push, target)?.rolledBackByRollouts ?? []).some(
          (name) => delivery.rollouts.get(name)?.state === "SUCCEEDED",
        ),
      ),
    expectNone(push, target) {
      if (find(push, target) === undefined) return;
      throw new UserError(`"${push.title}" reached ${target}`);
    },
    gateway: (region) => findGateway(stage, region),
    count(those) {
      clients = those;
    },
    async stop() {
      stopping.abort();
      await ticking;
      show();
    },
  };
}

function describeClients(clients: readonly Client[]): string {
  if (clients.length === 0) return "";
  const answered = clients.reduce((sum, client) => sum + client.answered, 0);
  const failed = clients.reduce(
    (sum, client) => sum + client.failures.length,
    0,
  );
  return `\nclients of prod: ${String(answered)} answered, ${String(failed)} failed`;
}

async function expectFailure(run: Promise<string>): Promise<void> {
  try {
    await run;
  } catch (error) {
    if (error instanceof UserError) return;
    throw error;
  }
  throw new UserError("promote.ts says that a broken release serves");
}

/** What Cloud Build says of each push. */
async function readBuilds(
  { emulator }: Stage,
  token: string,
  pushes: Push[],
): Promise<void> {
  const url = `${emulator.url}/v1/projects/${emulator.projectId}/locations/us-central1/builds?pageSize=100`;
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { builds = [] } = (await response.json()) as {
    builds?: { status: string; substitutions?: Record<string, string> }[];
  };
  for (const push of pushes) {
    // The builds of tests are of no commit.
    const build = builds.find(({ substitutions: { COMMIT_SHA = "" } = {} }) => {
      const commit = COMMIT_SHA.slice(0, 12);
      return commit !== "" && push.release.endsWith(commit);
    });
    push.build = build?.status ?? push.build;
  }
}

function findGateway(
  { emulator, prodProject }: Stage,
  region: string,
): Gateway {
  const project = emulator.cloud.project(prodProject);
  const key = project.secrets.get(KEY)?.versions.at(-1)?.payload;
  return {
    url: serviceUrl({ project, region }, SERVICE),
    key: key?.toString("utf8") ?? "",
  };
}
