import type { Cloud } from "../../core/cloud.ts";
import { hasPermission } from "../../core/policy.ts";
import type { FindStored } from "../../machine/runtime/images.ts";
import { InstanceError } from "../../machine/runtime/instance.ts";
import { findImage, parseRegistryReference, registryOf } from "./state.ts";

/**
 * Artifact Registry as Cloud Run of a project sees it: images of other projects only where its service agent may read
 * them. Throws InstanceError.
 */
export function storedImagesFor(cloud: Cloud, projectId: string): FindStored {
  return (reference) => {
    const found = findImage(cloud, reference);
    requireReader(cloud, reference, projectId);
    return found?.image;
  };
}

function requireReader(
  cloud: Cloud,
  reference: string,
  projectId: string,
): void {
  const { repository: name = "" } = parseRegistryReference(reference) ?? {};
  const repository = registryOf(cloud).repositories.get(name);
  const owner = cloud.findProject(name.split("/")[1] ?? "");
  const puller = cloud.project(projectId);
  if (repository === undefined || owner === undefined || owner === puller) {
    return;
  }
  const agent = `service-${puller.projectNumber}@serverless-robot-prod.iam.gserviceaccount.com`;
  const policies = [repository.policy, owner.policy];
  const permission = "artifactregistry.repositories.downloadArtifacts";
  if (hasPermission(policies, `serviceAccount:${agent}`, permission)) return;
  throw new InstanceError(
    "ContainerPermissionDenied",
    `Google Cloud Run Service Agent ${agent} must have permission to read the image, ${reference}. Ensure that the provided container image URL is correct and that the above account has permission to access the image. If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate. Note that the image is from project [${owner.projectId}], which is not the same as this project [${projectId}]. Permission must be granted to the Google Cloud Run Service Agent ${agent} from this project. See https://cloud.google.com/run/docs/deploying#other-projects`,
  );
}
