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

/** Services whose roles are all in the list, so that a name outside it is a typing error. */
const COMPLETE = /^roles\/(secretmanager|run)\./;

const FORM =
  /^(roles|(projects|organizations)\/[^/]+\/roles)\/[A-Za-z0-9_.]{3,}$/;

/** Whether the role can be granted, as far as the emulator knows Google's roles. */
export function isRole(role: string): boolean {
  if (!FORM.test(role)) return false;
  if (PERMISSIONS.has(role) || Object.hasOwn(PREVIEW, role)) return true;
  const ofNoService = /^roles\/[a-zA-Z]+$/.test(role);
  return !COMPLETE.test(role) && !ofNoService;
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
