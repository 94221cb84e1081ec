import names from "./role-names.json" with { type: "json" };
import data from "./role-permissions.json" with { type: "json" };

/** Basic roles that Google has in preview, in no list of permissions yet: patterns, `*` for anything. */
const PREVIEW: Record<string, readonly string[]> = {
  "roles/admin": ["*"],
  "roles/writer": ["*.get", "*.list", "*.create", "*.update"],
  "roles/reader": ["*.get", "*.list", "*.getIamPolicy"],
};

/**
 * What basic roles may beyond the list of their permissions, as each bucket's default policy gives it to the owners,
 * editors and viewers of its project (Google's "IAM for Cloud Storage": convenience values).
 */
const CONVENIENCE: Record<string, readonly string[]> = {
  "roles/owner": ["storage.buckets.*", "storage.objects.*"],
  "roles/editor": [
    "storage.buckets.get",
    "storage.buckets.update",
    "storage.objects.*",
  ],
  "roles/viewer": ["storage.buckets.get", "storage.objects.get"],
};

/** Role → permissions, e.g. `secretmanager.versions.access`. */
const PERMISSIONS = new Map(
  Object.entries(data.roles).map(([role, lines]) => [
    role,
    new Set(lines.flatMap(expand)),
  ]),
);

/** All of Google's roles, so that any other name is a typing error. */
const NAMES = new Set([
  ...names.basic.map((name) => `roles/${name}`),
  ...Object.entries(names.roles).flatMap(([service, rest]) =>
    rest.split(" ").map((name) => `roles/${service}.${name}`),
  ),
]);

/** A role of one's own: no such roles are kept here, so each is taken to be there. */
const CUSTOM = /^(projects|organizations)\/[^/]+\/roles\/[A-Za-z0-9_.]{3,}$/;

/** Whether there is such a role. */
export function isRole(role: string): boolean {
  if (!role.startsWith("roles/")) return CUSTOM.test(role);
  return NAMES.has(role) || Object.hasOwn(PREVIEW, role);
}

/** Whether holding `role` allows `permission`. */
export function allows(role: string, permission: string): boolean {
  if (PERMISSIONS.get(role)?.has(permission)) return true;
  const patterns = [...(PREVIEW[role] ?? []), ...(CONVENIENCE[role] ?? [])];
  return patterns.some((pattern) => toRegExp(pattern).test(permission));
}

/** `run.services: get list` are two permissions. */
function expand(line: string): string[] {
  const [resource = "", verbs = ""] = line.split(": ");
  return verbs.split(" ").map((verb) => `${resource}.${verb}`);
}

function toRegExp(pattern: string): RegExp {
  const escaped = pattern.replaceAll(".", "\\.").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}
