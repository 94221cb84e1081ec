import { existsSync, writeFileSync } from "node:fs";

// A verify container for tests: it says what it was told, asks the service for
// its revision, and fails where the deploy parameters tell it to.

const { failIn, failOnce, slow, CLOUD_DEPLOY_PHASE, CLOUD_RUN_SERVICE_URLS } =
  process.env;

console.log(`process ${process.pid}`);
console.log(`environment ${JSON.stringify(process.env)}`);
// Before anything of a rollout is deployed there is no address yet.
if (CLOUD_RUN_SERVICE_URLS !== undefined && CLOUD_RUN_SERVICE_URLS !== "") {
  const response = await fetch(CLOUD_RUN_SERVICE_URLS);
  console.log(`served by ${await response.text()}`);
}

if (slow !== undefined && slow === CLOUD_DEPLOY_PHASE) {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
if (failIn !== undefined && failIn === CLOUD_DEPLOY_PHASE) {
  console.error("it does not work");
  process.exitCode = 3;
}
if (failOnce !== undefined && !existsSync(failOnce)) {
  writeFileSync(failOnce, "");
  process.exitCode = 4;
}
