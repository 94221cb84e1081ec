import type { Project } from "../../core/cloud.ts";
import type { Slot } from "../../core/states.ts";

/** One rule of a policy, as Google's API shows it. */
export type PolicyRule =
  | { enforce: boolean }
  | { allowAll: true }
  | { denyAll: true }
  | { values: { allowedValues?: string[]; deniedValues?: string[] } };

/** What an organisation above a project says about it. */
export interface OrgPolicyState {
  /** Number of the organisation that the project lies in; undefined outside of any. */
  organization: string | undefined;
  /** Constraint (`run.allowedIngress`) → the rules that hold in the project. */
  rules: Map<string, PolicyRule[]>;
}

const ORG_POLICY: Slot<OrgPolicyState> = {
  make: () => ({ organization: undefined, rules: new Map() }),
};

export function orgPolicyOf(project: Project): OrgPolicyState {
  return project.states.of(ORG_POLICY);
}
