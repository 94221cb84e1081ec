import type { Project } from "../../core/cloud.ts";
import { orgPolicyOf } from "../org-policy/state.ts";

export function toProjectV1(project: Project): object {
  const { projectNumber, projectId, name, labels, createTime } = project;
  const { organization } = orgPolicyOf(project);
  return {
    projectNumber,
    projectId,
    lifecycleState: "ACTIVE",
    name,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(organization !== undefined && {
      parent: { type: "organization", id: organization },
    }),
    createTime,
  };
}

export function toProjectV3(project: Project): object {
  const { projectNumber, projectId, name, labels, createTime } = project;
  const { organization } = orgPolicyOf(project);
  return {
    name: `projects/${projectNumber}`,
    ...(organization !== undefined && {
      parent: `organizations/${organization}`,
    }),
    projectId,
    state: "ACTIVE",
    displayName: name,
    createTime,
    updateTime: createTime,
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}
