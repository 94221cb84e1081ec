import type { Usage } from "../scripts/lib/cli/run-script.ts";
import { versionUsage } from "../scripts/lib/advisories/usage.ts";
import { connectUsage } from "../scripts/lib/connect/usage.ts";
import { doctorUsage } from "../scripts/lib/doctor/usage.ts";
import { validateUsage } from "../scripts/lib/litellm-config/usage.ts";
import { loadUsage } from "../scripts/lib/load/usage.ts";
import { logsUsage } from "../scripts/lib/logs/usage.ts";
import { setupUsage } from "../scripts/lib/pipeline/usage.ts";
import { promoteUsage } from "../scripts/lib/release/promote/usage.ts";
import { releaseUsage } from "../scripts/lib/release/usage.ts";
import { planUsage } from "../scripts/lib/service/changes/usage.ts";
import { cleanUsage } from "../scripts/lib/service/clean/usage.ts";
import { keysUsage } from "../scripts/lib/service/client-keys/usage.ts";
import { deployUsage } from "../scripts/lib/service/deploy/usage.ts";
import { rollbackUsage } from "../scripts/lib/service/rollback/usage.ts";
import { rotateUsage } from "../scripts/lib/service/rotate/usage.ts";
import { initUsage } from "../scripts/lib/settings/new-env.ts";
import { statusUsage } from "../scripts/lib/status/usage.ts";
import { upgradeUsage } from "../scripts/lib/upgrade/usage.ts";
import { verifyUsage } from "../scripts/lib/verify/usage.ts";

/** Of every script in scripts/, as docs/commands.md has them. */
export const USAGES: readonly Usage[] = [
  deployUsage,
  verifyUsage,
  rollbackUsage,
  rotateUsage,
  keysUsage,
  cleanUsage,
  setupUsage,
  releaseUsage,
  promoteUsage,
  validateUsage,
  doctorUsage,
  statusUsage,
  logsUsage,
  loadUsage,
  planUsage,
  versionUsage,
  upgradeUsage,
  initUsage,
  connectUsage,
];
