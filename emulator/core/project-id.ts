/**
 * A project's id or number as a part of a pattern. Old projects of an organisation stand under its domain
 * (`example.com:my-project`); in a path the colon may be escaped.
 */
export const PROJECT_ID =
  "(?:[a-z0-9-]+(?:\\.[a-z0-9-]+)+(?::|%3A))?[a-z0-9-]+";

/** What a new project may be called, whatever its domain. */
const NEW = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

export function isNewProjectId(text: string): boolean {
  return NEW.test(text);
}

/** Of a project's service accounts: `example.com:name` has them in `name.example.com` (IAM docs, "Service account types"). */
export function emailDomain(projectId: string): string {
  const [domain, name] = projectId.split(":");
  return name === undefined
    ? `${projectId}.iam.gserviceaccount.com`
    : `${name}.${domain ?? ""}.iam.gserviceaccount.com`;
}
