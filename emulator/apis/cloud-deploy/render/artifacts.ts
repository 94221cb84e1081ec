import type { Cloud } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";
import { idOf, placeOf } from "../engine/names.ts";
import type {
  PhaseArtifact,
  Release,
  RenderedTarget,
  Target,
  TargetArtifact,
} from "../state.ts";
import { storageOf } from "../../storage/state.ts";

/**
 * Where the rendered manifests lie; written there where the target names a bucket. The default one, which Google makes, does
 * not exist here. Throws NOT_FOUND where the named one does not exist.
 */
export function keepArtifacts(
  cloud: Cloud,
  release: Release,
  target: Target,
  phases: RenderedTarget["phases"],
): TargetArtifact {
  const { project, location } = placeOf(release.name);
  const own = target.executionConfigs?.find(({ usages }) =>
    usages.includes("RENDER"),
  )?.artifactStorage;
  const storage =
    own ?? `gs://${location}.deploy-artifacts.${project}.appspot.com`;
  const directory = `${idOf(release.name)}-${release.uid}/${idOf(target.name)}`;
  const artifactUri = `${storage.replace(/\/$/, "")}/${directory}`;
  const phaseArtifacts: Record<string, PhaseArtifact> = {};
  for (const [id, { manifest }] of phases) {
    const { manifestPath } = (phaseArtifacts[id] = pathsOf(id));
    if (own !== undefined) {
      write(cloud, `${artifactUri}/${manifestPath}`, manifest);
    }
  }
  return { artifactUri, ...pathsOf("stable"), phaseArtifacts };
}

function pathsOf(phaseId: string): PhaseArtifact {
  return {
    skaffoldConfigPath: `${phaseId}/config.yaml`,
    manifestPath: `${phaseId}/manifest.yaml`,
  };
}

function write(cloud: Cloud, url: string, text: string): void {
  const [, bucketName = "", name = ""] =
    /^gs:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  const bucket = storageOf(cloud).buckets.get(bucketName);
  if (bucket === undefined) {
    throw new GoogleError("NOT_FOUND", "The specified bucket does not exist.");
  }
  const now = Date.now();
  bucket.objects.set(name, {
    name,
    generation: String(now * 1000),
    metageneration: 1,
    contentType: "application/yaml",
    content: Buffer.from(text),
    timeCreated: new Date(now).toISOString(),
    metadata: {},
  });
}
