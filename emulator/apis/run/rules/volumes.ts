import type { RevisionTemplate, Volume } from "../model.ts";
import type { Violations } from "../violations.ts";

const PATH = "spec.template.spec";

/** Checks secret volumes and where they are mounted. */
export function checkVolumes(
  template: RevisionTemplate,
  violations: Violations,
): void {
  const { volumes = [], containers } = template.spec;
  const names = volumes.map(({ name = "" }) => name);
  for (const [index, volume] of volumes.entries()) {
    checkVolume(volume, `${PATH}.volumes[${index}]`, violations);
    if (names.indexOf(volume.name ?? "") !== index) {
      violations.add(
        `${PATH}.volumes[${index}].name`,
        `duplicate volume name '${volume.name ?? ""}'.`,
      );
    }
  }
  const mounts = containers[0].volumeMounts ?? [];
  const paths = mounts.map(({ mountPath = "" }) => mountPath);
  for (const [index, { name = "", mountPath = "" }] of mounts.entries()) {
    const field = `${PATH}.containers[0].volume_mounts[${index}]`;
    if (!names.includes(name)) {
      violations.add(`${field}.name`, `there is no volume named '${name}'.`);
    }
    checkMountPath(mountPath, `${field}.mount_path`, violations);
    if (paths.indexOf(mountPath) !== index) {
      violations.add(
        `${field}.mount_path`,
        `'${mountPath}' is mounted more than once.`,
      );
    }
  }
}

function checkVolume(
  volume: Volume,
  field: string,
  violations: Violations,
): void {
  const { name = "", secret } = volume;
  if (name === "") violations.add(`${field}.name`, "must be set.");
  if (secret === undefined) {
    violations.add(field, "must have exactly one volume source.");
    return;
  }
  if (secret.secretName === undefined) {
    violations.add(`${field}.secret.secret_name`, "must be set.");
  }
  for (const [index, { key = "", path = "" }] of (
    secret.items ?? []
  ).entries()) {
    const item = `${field}.secret.items[${index}]`;
    if (key === "") violations.add(`${item}.key`, "must be set.");
    if (path === "" || path.startsWith("/") || /(^|\/)\.\./.test(path)) {
      violations.add(
        `${item}.path`,
        "must be a relative path without '..' elements.",
      );
    }
  }
}

function checkMountPath(
  path: string,
  field: string,
  violations: Violations,
): void {
  if (!path.startsWith("/") || path.includes(":") || path.includes("/../")) {
    violations.add(field, "must be an absolute path without ':'.");
  } else if (/^\/(?:(?:dev|proc|sys)(?:\/.*)?)?$/.test(path)) {
    violations.add(field, `'${path}' is reserved.`);
  }
}
