import type { Project } from "../../core/cloud.ts";

export function toProjectV1(project: Project): object {
  const { projectNumber, projectId, name, labels, createTime } = project;
  return {
    projectNumber,
    projectId,
    lifecycleState: "ACTIVE",
    name,
    ...(Object.keys(labels).length > 0 && { labels }),
    createTime,
  };
}

export function toProjectV3(project: Project): object {
  const { projectNumber, projectId, name, labels, createTime } = project;
  return {
    name: `projects/${projectNumber}`,
    projectId,
    state: "ACTIVE",
    displayName: name,
    createTime,
    updateTime: createTime,
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}
