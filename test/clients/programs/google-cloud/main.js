// Google's Node clients over REST: each call's outcome by its name, as JSON. Run where gcloud is led to the emulator.
import process from "node:process";
import { tryArtifactRegistry } from "./artifact-registry.js";
import { tryBilling } from "./billing.js";
import { outcomes } from "./calls.js";
import { tryCloudBuild } from "./cloud-build.js";
import { tryCloudDeploy } from "./cloud-deploy.js";
import { tryCloudLogging } from "./cloud-logging.js";
import { tryCloudRun } from "./cloud-run.js";
import { tryCloudStorage } from "./cloud-storage.js";
import { tryIam } from "./iam.js";
import { tryResourceManager } from "./resource-manager.js";
import { trySecretManager } from "./secret-manager.js";
import { tryServiceUsage } from "./service-usage.js";

await tryServiceUsage();
await tryIam();
await tryResourceManager();
await trySecretManager();
await tryArtifactRegistry();
await tryCloudBuild();
await tryCloudDeploy();
await tryCloudRun();
await tryCloudStorage();
await tryCloudLogging();
await tryBilling();
process.stdout.write(JSON.stringify(outcomes));
