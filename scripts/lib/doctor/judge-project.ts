import { enableApis } from "../google/commands/apis.ts";
import {
  linkBilling,
  listProjects,
  undeleteProject,
} from "../google/commands/projects.ts";
import { formatCommand } from "../google/gcloud.ts";
import { neededApis } from "../service/prepare/plan-access.ts";
import type { Settings } from "../settings/settings.ts";
import type { Facts } from "./facts.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import { CONSTRAINTS, judgePolicy } from "./policies.ts";
import { valueOf } from "./seen.ts";

export function judgeProject(settings: Settings, facts: Facts): Finding[] {
  return [
    judgeExistence(settings, facts),
    judgeBilling(settings, facts),
    judgeApis(settings, facts),
  ];
}

function judgeExistence(settings: Settings, { project }: Facts): Finding {
  const check = "project";
  const { projectId } = settings;
  const absent = problem(
    check,
    `there is no project ${projectId}, or this account cannot see it`,
    formatCommand(listProjects()),
  );
  if ("reason" in project) {
    // Google does not tell "absent" from "not yours".
    const hidden = "status" in project.reason && project.reason.status === 403;
    return hidden ? absent : unlooked(check, project.reason);
  }
  if (project.value === undefined) return absent;
  const { lifecycleState = "" } = project.value;
  if (lifecycleState === "ACTIVE") return ok(check, projectId);
  return problem(
    check,
    `${projectId} is ${lifecycleState}`,
    formatCommand(undeleteProject(settings)),
  );
}

function judgeBilling(settings: Settings, { billing }: Facts): Finding {
  const check = "billing";
  if ("reason" in billing) return unlooked(check, billing.reason);
  if (billing.value === true) return ok(check, "on");
  if (billing.value === undefined) {
    return warning(check, "could not be looked at: there is no answer");
  }
  return problem(
    check,
    `project ${settings.projectId} has no billing account`,
    formatCommand(linkBilling(settings)),
  );
}

/** A project where none is on was never prepared: the first deploy does that. */
function judgeApis(settings: Settings, { apis }: Facts): Finding {
  const check = "APIs";
  if ("reason" in apis) return unlooked(check, apis.reason);
  const needed = neededApis(settings.mode);
  const off = needed.filter((api) => !apis.value.has(api));
  if (off.length === 0) return ok(check, `all ${needed.length} are enabled`);
  const enable = formatCommand(enableApis(settings, off));
  if (off.length === needed.length) {
    return warning(
      check,
      "none is enabled yet: the first deploy does it, or you now:",
      enable,
    );
  }
  return problem(
    check,
    `${off.join(", ")} ${off.length === 1 ? "is" : "are"} not enabled`,
    enable,
  );
}

export function judgePolicies(settings: Settings, facts: Facts): Finding[] {
  const check = "org policies";
  const project = valueOf(facts.project);
  if (project !== undefined && project.parent === undefined) {
    return [ok(check, "the project is in no organisation")];
  }
  const fresh = [...facts.secrets.values()].some(
    (seen) => "value" in seen && seen.value === undefined,
  );
  const seen = CONSTRAINTS.map((constraint) => ({
    constraint,
    policy: facts.policies.get(constraint),
  }));
  if (
    seen.every(
      ({ policy }) => policy && "value" in policy && policy.value === undefined,
    )
  ) {
    return [
      warning(
        check,
        "could not be looked at: the Organization Policy API is not enabled",
        formatCommand(enableApis(settings, ["orgpolicy.googleapis.com"])),
      ),
    ];
  }
  return seen.flatMap(({ constraint, policy }) => {
    if (policy === undefined) return [];
    if ("reason" in policy) return [unlooked(constraint, policy.reason)];
    return [judgePolicy(constraint, policy.value ?? [], settings, fresh)];
  });
}
