import type { Cloud } from "../../../core/cloud.ts";
import { requireAccount } from "./account.ts";
import type { SentAutomation } from "../requests.ts";
import type {
  Automation,
  AutomationRule,
  RepairPhaseConfig,
} from "../state.ts";
import { requireSeconds } from "./duration.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { refusal, required } from "./refusal.ts";

/** Seconds: 14 days. */
const LONGEST_WAIT = 1_209_600;
const MOST_ATTEMPTS = 10;

type SentRule = NonNullable<SentAutomation["rules"]>[number];
type SentRepair = NonNullable<SentRule["repairRolloutRule"]>;
type SentPhase = NonNullable<SentRepair["repairPhases"]>[number];

/** Throws INVALID_ARGUMENT, and PERMISSION_DENIED for an account that does not exist. */
export function readAutomation(
  cloud: Cloud,
  sent: SentAutomation,
): Metadata &
  Pick<Automation, "suspended" | "serviceAccount" | "selector" | "rules"> {
  const serviceAccount = required(sent.serviceAccount, "service_account");
  requireAccount(cloud, serviceAccount);
  const targets = sent.selector?.targets ?? [];
  if (targets.length === 0) throw refusal("selector.targets is required");
  for (const { id, labels } of targets) {
    if (id === undefined && labels === undefined) {
      throw refusal("selector.targets must have an id or labels");
    }
  }
  const rules = (sent.rules ?? []).map(readRule);
  if (rules.length === 0) throw refusal("rules is required");
  const ids = rules.flatMap((rule) => [
    ...(rule.promoteReleaseRule ? [rule.promoteReleaseRule.id] : []),
    ...(rule.advanceRolloutRule ? [rule.advanceRolloutRule.id] : []),
    ...(rule.repairRolloutRule ? [rule.repairRolloutRule.id] : []),
  ]);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw refusal(`rules has the id "${twice}" twice`);
  return {
    ...readMetadata(sent),
    ...(sent.suspended === true && { suspended: true }),
    serviceAccount,
    selector: { targets },
    rules,
  };
}

function readRule(sent: SentRule, index: number): AutomationRule {
  const at = `rules[${index}]`;
  const { promoteReleaseRule: promote, advanceRolloutRule: advance } = sent;
  const { repairRolloutRule: repair } = sent;
  if (Object.keys(sent).length !== 1) {
    throw refusal(`${at} must have exactly one rule`);
  }
  const rule = promote ?? advance ?? repair;
  const id = required(rule?.id, `${at}.id`);
  const wait = (promote ?? advance)?.wait;
  requireSeconds(`${at}.wait`, wait, { from: 0, to: LONGEST_WAIT });
  return {
    ...(promote && { promoteReleaseRule: { ...promote, id } }),
    ...(advance && { advanceRolloutRule: { ...advance, id } }),
    ...(repair && {
      repairRolloutRule: {
        ...repair,
        id,
        repairPhases: readPhases(at, repair),
      },
    }),
  };
}

function readPhases(at: string, { repairPhases = [] }: SentRepair) {
  if (repairPhases.length === 0) {
    throw refusal(`${at}.repair_rollout_rule.repair_phases is required`);
  }
  return repairPhases.map((phase) => readPhase(at, phase));
}

function readPhase(
  at: string,
  { retry, rollback }: SentPhase,
): RepairPhaseConfig {
  if ((retry === undefined) === (rollback === undefined)) {
    throw refusal(`${at}.repair_phases must each be one of retry and rollback`);
  }
  if (retry === undefined) return { ...(rollback && { rollback }) };
  const { attempts = 0 } = retry;
  if (attempts < 1 || attempts > MOST_ATTEMPTS) {
    throw refusal(
      `${at}.repair_phases.retry.attempts must be between 1 and ${MOST_ATTEMPTS}`,
    );
  }
  requireSeconds(`${at}.repair_phases.retry.wait`, retry.wait, {
    from: 0,
    to: LONGEST_WAIT,
  });
  return { retry: { ...retry, attempts: String(attempts) } };
}
