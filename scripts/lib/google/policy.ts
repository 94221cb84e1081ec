/** A binding of an IAM policy, as Google's APIs show it. */
export interface Binding {
  role: string;
  members: string[];
  condition?: { title?: string; expression?: string };
}

/** What has a policy of its own. */
export type Holder =
  | { kind: "project"; projectId: string }
  | { kind: "account"; projectId: string; email: string }
  | { kind: "secret"; projectId: string; name: string }
  | { kind: "service"; projectId: string; region: string; name: string }
  | { kind: "repository"; projectId: string; region: string; name: string }
  | { kind: "bucket"; projectId: string; name: string };

/** A role that somebody has, or is to have. */
export interface Grant {
  on: Holder;
  role: string;
  /** `serviceAccount:EMAIL`, `allUsers`. */
  member: string;
}

/** Whether a policy gives a role without a condition. */
export function holds(
  bindings: readonly Binding[],
  role: string,
  member: string,
): boolean {
  return bindings.some(
    (b) =>
      b.role === role &&
      b.condition === undefined &&
      b.members.includes(member),
  );
}

/** `secret litellm-config of my-project`. */
export function describeHolder(on: Holder): string {
  switch (on.kind) {
    case "project":
      return `project ${on.projectId}`;
    case "account":
      return `service account ${on.email}`;
    case "secret":
      return `secret ${on.name} of ${on.projectId}`;
    case "service":
      return `service ${on.name}`;
    case "repository":
      return `repository ${on.name}`;
    case "bucket":
      return `bucket ${on.name}`;
  }
}
