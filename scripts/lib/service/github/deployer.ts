import { createHash } from "node:crypto";
import type { Grant } from "../../google/policy.ts";
import { type Settings, emailDomain } from "../../settings/settings.ts";
import { deployingRole, listDeployingGrants } from "../deploying-roles.ts";
import type { Lets } from "../guard.ts";
import type { State } from "../state/state.ts";
import type { Federation } from "./federation.ts";

/** An account's name has 30 characters at most, and a pool's 32. */
const DEPLOYER = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** What GitHub deploys one env as: an account and a pool of its own. */
export function deployerOf({
  env,
  projectId,
}: Pick<Settings, "env" | "projectId">): Federation {
  const name = nameDeployer(env);
  return {
    projectId,
    pool: name,
    provider: "github",
    email: `${name}@${emailDomain(projectId)}`,
    may: `deploy ${env}`,
  };
}

/** What it holds, and of that which it no longer needs: the role on the project follows ACCESS. */
export function listDeployerGrants(
  settings: Settings,
  lets: Lets,
): { wanted: Grant[]; unwanted: Grant[] } {
  const { projectId } = settings;
  const member = `serviceAccount:${deployerOf(settings).email}`;
  const wanted = listDeployingGrants(settings, lets, member);
  const unwanted = [true, false]
    .map(deployingRole)
    .filter((role) => !wanted.some((grant) => grant.role === role))
    .map((role): Grant => ({
      on: { kind: "project", projectId },
      role,
      member,
    }));
  return { wanted, unwanted };
}

/** Whether GitHub's account holds a role in the project. */
export function hasDeployer(
  settings: Pick<Settings, "env" | "projectId">,
  { projectBindings }: Pick<State, "projectBindings">,
): boolean {
  const member = `serviceAccount:${deployerOf(settings).email}`;
  return projectBindings.some(({ members }) => members.includes(member));
}

/** By the env's name, where that makes a name; else by its hash. */
function nameDeployer(env: string): string {
  const name = `litellm-deploy-${env}`;
  if (DEPLOYER.test(name)) return name;
  const hash = createHash("sha256").update(env).digest("hex");
  return `litellm-deploy-${hash.slice(0, 12)}`;
}
