import { UserError } from "../../core/user-error.ts";
import { type Client, startClient } from "./client.ts";
import type { Push } from "./progress.ts";
import type { Stage } from "./stage.ts";
import type { Telling } from "./telling.ts";
import { type Watch, startWatch } from "./watch.ts";

const CONFIG = "config/litellm.vertex.yaml";
/** The newest model, which lives in location `global` only. */
const GLOBAL_MODEL = "model: vertex_ai/gemini-4-argon\n";
const MISPLACED = `${GLOBAL_MODEL}      vertex_location: us-central1\n`;
const PROD_US = "SERVICE=litellm-proxy-prod\n";
const PROD_US_IN_REGION = `MODEL_REGION=us-central1\n${PROD_US}`;

/** Four pushes, two of them broken. Throws UserError where something does not go as it must. */
export async function playPromotion(
  stage: Stage,
  telling: Telling,
): Promise<void> {
  const { say } = telling;
  const { checkout } = stage;
  say("Setting up the pipeline: scripts/setup.ts");
  await stage.run("setup.ts", "--yes", "--github=example/litellm-gateway");
  const watch = startWatch(stage, telling);
  const clients: Client[] = [];
  try {
    await goToProduction(watch, await watch.push("1 the first release"));
    telling.afterFirst();
    for (const region of ["us-central1", "europe-west1"]) {
      clients.push(startClient(watch.gateway(region)));
    }
    watch.count(clients);

    await checkout.edit(
      CONFIG,
      "# yaml-language-server",
      "# Changed.\n# yaml-language-server",
    );
    await goToProduction(watch, await watch.push("2 a changed config"));

    await checkout.edit(CONFIG, GLOBAL_MODEL, MISPLACED);
    await failInDev(watch, await watch.push("3 broken everywhere"));

    await checkout.edit(CONFIG, MISPLACED, GLOBAL_MODEL);
    await checkout.edit("envs/prod-us.env", PROD_US, PROD_US_IN_REGION);
    await failInCanary(watch, await watch.push("4 broken in prod-us"));
  } finally {
    await Promise.all(clients.map((client) => client.stop()));
    await watch.stop();
  }
  conclude(clients, say);
}

/** Dev by itself, a person's approval, and the rest by itself. */
async function goToProduction(watch: Watch, push: Push): Promise<void> {
  await watch.until(push, "dev", "SUCCEEDED");
  await watch.until(push, "build", "SUCCESS");
  await watch.promote();
  await watch.until(push, "prod-us", "SUCCEEDED");
  await watch.until(push, "prod-eu", "SUCCEEDED");
}

/** The verification catches it in the first stage, and the build fails with it. */
async function failInDev(watch: Watch, push: Push): Promise<void> {
  await watch.until(push, "dev", "FAILED");
  await watch.until(push, "build", "FAILURE");
  watch.expectNone(push, "prod-us");
}

/** Dev is content; the canary is not, at 0 % of the traffic: Cloud Deploy goes back by itself. */
async function failInCanary(watch: Watch, push: Push): Promise<void> {
  await watch.until(push, "dev", "SUCCEEDED");
  await watch.until(push, "build", "SUCCESS");
  await watch.promote({ fails: true });
  await watch.until(push, "prod-us", "FAILED");
  await watch.untilRolledBack(push, "prod-us");
  watch.expectNone(push, "prod-eu");
}

function conclude(clients: readonly Client[], say: Telling["say"]): void {
  const answered = clients.reduce((sum, { answered }) => sum + answered, 0);
  const failures = clients.flatMap((client) => client.failures);
  say(
    `\n${String(answered)} requests answered, ${String(failures.length)} failed.`,
  );
  if (failures.length > 0) {
    throw new UserError(
      `clients saw failures: ${failures.slice(0, 3).join("; ")}`,
    );
  }
  say("Neither broken push reached a client; prod-eu never saw them.");
}
