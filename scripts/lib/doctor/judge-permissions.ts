import { addGrant, letGrant } from "../google/commands/policies.ts";
import { type Command, formatCommand, toRead } from "../google/gcloud.ts";
import { type Holder, describeHolder } from "../google/policy.ts";
import { VERTEX_ROLE } from "../service/prepare/plan-access.ts";
import type { Settings } from "../settings/settings.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import {
  FOR_A_BUDGET,
  type Need,
  type Spot,
  type Task,
  listNeeds,
  listTasks,
  nameSpot,
} from "./permissions.ts";
import type { Held } from "./read-permissions.ts";
import { valueOf } from "./seen.ts";

export interface Permits {
  held: Held;
  /** Of the caller: `user:ann@example.com`. */
  member: string;
  /** Resources that are there, by `nameSpot`. */
  there: ReadonlySet<string>;
  /** Whether all that preparing makes is there. */
  prepared: boolean;
}

/** One line a task whose permissions are all held, else one a role that is missing. */
export function judgePermissions(
  task: Task,
  settings: Settings,
  permits: Permits,
): Finding[] {
  const project = permits.held.get("project");
  if (project !== undefined && "reason" in project) {
    return [unlooked("permissions", project.reason)];
  }
  const told = new Set<string>();
  return [
    ...listTasks(task).flatMap((one) =>
      judgeTask(one, one === task, settings, permits, told),
    ),
    ...(task === "watch" ? [judgeBudget(permits)] : []),
  ];
}

/** No problem where it is missing: a budget is asked for by itself, and the billing account, which is not looked at, may give as much. */
function judgeBudget({ held }: Permits): Finding {
  const project: Spot = { kind: "project" };
  const missing = FOR_A_BUDGET.filter(
    (permission) => !isHeld({ permission, on: project }, held),
  );
  const check = "for --budget";
  if (missing.length === 0) {
    return ok(check, `all ${FOR_A_BUDGET.length} permissions`);
  }
  return warning(
    check,
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing on the project`,
    "Owners and editors of the project have them; roles/billing.costsManager on the billing account, which was not looked at, will do instead.",
  );
}

/** `told`: what an earlier task misses, too, is told there; `asked`: it is what the operator wants to do. */
function judgeTask(
  task: Task,
  asked: boolean,
  settings: Settings,
  permits: Permits,
  told: Set<string>,
): Finding[] {
  const check = `to ${task}`;
  const needed = listNeeds(task, settings);
  const missing = needed.filter((need) => !isHeld(need, permits.held));
  if (missing.length === 0) {
    const count = new Set(needed.map((need) => need.permission)).size;
    return [ok(check, `all ${count} permissions`)];
  }
  if (task === "prepare" && permits.prepared && !asked) {
    return [ok(check, "is done (and this account could not do it)")];
  }
  const groups = groupByGrant(missing, settings, permits).map((group) => ({
    ...group,
    needs: group.needs.filter(({ permission, on }) => {
      const name = `${permission} ${nameSpot(on)}`;
      return !told.has(name) && told.add(name);
    }),
  }));
  return groups
    .filter(({ needs }) => needs.length > 0)
    .map(({ role, on, needs }) => {
      const names = [...new Set(needs.map(({ permission }) => permission))];
      const where = on.kind === "project" ? "" : ` on ${describeHolder(on)}`;
      const command = toGrant(role, on, settings, permits);
      return problem(
        check,
        `${names.join(", ")} ${names.length === 1 ? "is" : "are"} missing${where} (${role})`,
        "Whoever administers the project gives it:",
        formatCommand(toRead(command)),
      );
    });
}

function isHeld({ permission, on }: Omit<Need, "role">, held: Held): boolean {
  return [nameSpot({ kind: "project" }), nameSpot(on)].some((name) => {
    const seen = held.get(name);
    return seen !== undefined && valueOf(seen)?.has(permission) === true;
  });
}

interface Group {
  role: string;
  /** Where it is to be given. */
  on: Holder;
  needs: Need[];
}

/** Needs that one command meets. */
function groupByGrant(
  missing: readonly Need[],
  settings: Settings,
  { there }: Permits,
): Group[] {
  const groups = new Map<string, Group>();
  for (const need of missing) {
    const on = toHolder(need.on, settings, there);
    const key = `${need.role} ${describeHolder(on)}`;
    const group = groups.get(key) ?? { role: need.role, on, needs: [] };
    group.needs.push(need);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The project for what is not there yet, and for the service, whose roles the documents give there. */
function toHolder(
  spot: Spot,
  { projectId, serviceAccount }: Settings,
  there: ReadonlySet<string>,
): Holder {
  if (there.has(nameSpot(spot))) {
    if (spot.kind === "account") {
      return { kind: "account", projectId, email: serviceAccount };
    }
    if (spot.kind === "secret") {
      return { kind: "secret", projectId, name: spot.name };
    }
  }
  return { kind: "project", projectId };
}

function toGrant(
  role: string,
  on: Holder,
  settings: Settings,
  { member }: Permits,
): Command {
  return role === "roles/resourcemanager.projectIamAdmin"
    ? letGrant(settings, member, VERTEX_ROLE)
    : addGrant({ on, role, member });
}
