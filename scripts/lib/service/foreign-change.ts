import * as commands from "../google/commands/service.ts";
import { UserError } from "../cli/errors.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { Settings } from "../settings/settings.ts";
import type { Revision, Service } from "../manifest/knative.ts";
import type { State } from "./state/state.ts";
import type { Step, Tools } from "../plan/step.ts";

const CREATOR = "serving.knative.dev/creator";
const LAST_MODIFIER = "serving.knative.dev/lastModifier";

/** Somebody else wrote the service between a plan and its write. */
export class ForeignChangeError extends UserError {
  readonly settings: Settings;
  readonly state: State;
  /** `wrote revision … over that change` */
  readonly did: string;
  readonly written: Service;

  constructor(settings: Settings, state: State, did: string, written: Service) {
    super(
      `somebody else changed service ${settings.service} at the same time: it is at generation ${String(written.metadata.generation)}, planned was ${String((state.service?.metadata.generation ?? 0) + 1)}`,
    );
    this.settings = settings;
    this.state = state;
    this.did = did;
    this.written = written;
  }
}

/** Throws UserError where a step would write over what somebody else wrote since the plan. */
export async function refuseChanged(
  { onGeneration }: Step,
  { readService }: Tools,
): Promise<void> {
  if (onGeneration === undefined || readService === undefined) return;
  const service = await readService();
  if ((service?.metadata.generation ?? 0) === onGeneration) return;
  if (service === undefined) {
    throw new UserError("somebody else removed the service at the same time", {
      hint: "Run it again to make it anew.",
    });
  }
  const { name, generation, annotations } = service.metadata;
  const traffic = (service.spec.traffic ?? [])
    .filter((t) => (t.percent ?? 0) > 0)
    .map((t) => `${t.revisionName ?? "latest"} ${String(t.percent)} %`);
  throw new UserError(
    [
      `somebody else changed service ${name} at the same time: it is at generation ${String(generation)}, planned was ${String(onGeneration)}.`,
      `  ${annotations?.[LAST_MODIFIER] ?? "somebody"} was the last to write it; traffic: ${traffic.join(", ")}`,
      "This run stopped before it wrote over that.",
    ].join("\n"),
    { hint: "Run it again: it plans anew from what is there." },
  );
}

/** The same error with who changed what, and the command that brings it back. */
export async function explainForeignChange(
  error: ForeignChangeError,
  gcloud: Tools["gcloud"],
): Promise<UserError> {
  const { settings, state, written, did, message } = error;
  const listed = await gcloud(commands.listRevisions(settings)).catch(() => "");
  const revisions = JSON.parse(listed || "[]") as Revision[];
  const own = written.spec.template.metadata?.name ?? "";
  const known = [own, ...state.revisions.map((r) => r.metadata.name)];
  const theirs = revisions.filter((r) => !known.includes(r.metadata.name));
  return new UserError(
    [
      `${message}.`,
      ...describeChange(written, revisions, theirs),
      `This run ${did} and moved no traffic since.`,
    ].join("\n"),
    { hint: describeRestore(settings, theirs), cause: error },
  );
}

function describeChange(
  written: Service,
  revisions: Revision[],
  theirs: Revision[],
): string[] {
  const lastModifier = written.metadata.annotations?.[LAST_MODIFIER];
  const creators = revisions.map((r) => r.metadata.annotations?.[CREATOR]);
  const after = lastModifier !== undefined && !creators.includes(lastModifier);
  return [
    ...theirs.map(
      ({ metadata }) =>
        `  ${metadata.annotations?.[CREATOR] ?? "somebody"} made revision ${metadata.name} at ${metadata.creationTimestamp ?? "the same time"}`,
    ),
    ...(theirs.length === 0
      ? [
          "  No revision appeared: the traffic or a service setting was changed.",
        ]
      : []),
    ...(after ? [`  ${lastModifier} was the last to write the service.`] : []),
  ];
}

/** What appeared says what to bring back; traffic that was overwritten leaves no trace but in the audit log. */
function describeRestore(settings: Settings, theirs: Revision[]): string {
  const ofDeploy = new RegExp(`^${settings.service}-[a-z0-9]{7}$`);
  const newest = theirs.find((r) => !ofDeploy.test(r.metadata.name));
  const to = newest?.metadata.name ?? "REVISION";
  const command = formatCommand(commands.updateTraffic(settings, { to }));
  if (newest !== undefined) return `To bring their revision back: ${command}`;
  if (theirs.length > 0) {
    return "That is another deploy of this project. Run this one again when it is done.";
  }
  const log = formatCommand(commands.readAuditLog(settings));
  return `Who it was: ${log}\n  To bring their traffic back: ${command}`;
}
