import type { Cloud, Member } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { openObject } from "../storage/access.ts";
import { parseDuration } from "./durations.ts";
import { requireActAs } from "./require-act-as.ts";
import type { Step, StoredBuild } from "./state.ts";

/** Throws what Cloud Build answers for a build that it does not begin. `caller` is undefined for a trigger's. */
export function checkBuild(
  cloud: Cloud,
  build: StoredBuild,
  caller: Member | undefined,
): void {
  requireSteps(build.steps);
  requireLogging(build);
  requireActAs(cloud, build.account, caller);
  requireSource(cloud, build);
  parseDuration(build.sent.timeout, "build.timeout");
}

function requireSteps(steps: readonly Step[]): void {
  if (steps.length === 0) throw invalid("invalid build: no build steps");
  const ids = new Set<string>();
  steps.forEach((step, index) => {
    const { name, id = "", waitFor = [], script, args, entrypoint } = step;
    if (name === "") {
      throw invalid(`invalid build step ${index}: missing required field name`);
    }
    if (
      script !== undefined &&
      (args !== undefined || entrypoint !== undefined)
    ) {
      throw invalid(
        `invalid build: invalid build step ${index}: script and args or entrypoint cannot be set at the same time`,
      );
    }
    for (const other of waitFor) {
      if (other === "-" || ids.has(other)) continue;
      throw invalid(
        `invalid build: invalid .steps field: build step ${index} depends on "${other}", which has not been defined`,
      );
    }
    if (id !== "" && ids.has(id)) {
      throw invalid(`invalid build: duplicate build step id "${id}"`);
    }
    ids.add(id);
    parseDuration(step.timeout, `build.steps[${index}].timeout`);
  });
}

function requireLogging({ sent }: StoredBuild): void {
  const mode = sent.options?.logging ?? "LOGGING_UNSPECIFIED";
  if (mode === "CLOUD_LOGGING_ONLY" || mode === "NONE") return;
  if (sent.serviceAccount !== undefined && sent.logsBucket === undefined) {
    throw invalid(
      "if 'build.service_account' is specified, the build must either (a) specify 'build.logs_bucket', (b) use the REGIONAL_USER_OWNED_BUCKET build.options.default_logs_bucket_behavior option, or (c) use either CLOUD_LOGGING_ONLY / NONE logging options: invalid argument",
    );
  }
  throw invalid(
    "The emulated Cloud Build writes no logs into buckets: set options.logging to CLOUD_LOGGING_ONLY.",
  );
}

function requireSource(cloud: Cloud, build: StoredBuild): void {
  const { storageSource } = build.sent.source ?? {};
  if (storageSource === undefined) return;
  const { bucket = "", object = "" } = storageSource;
  try {
    openObject(cloud, bucket, object, `serviceAccount:${build.account}`);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    const reason = error.status === "NOT_FOUND" ? "notFound" : "forbidden";
    throw invalid(
      `could not resolve source: googleapi: Error ${error.httpStatus}: ${error.message}, ${reason}`,
    );
  }
}

function invalid(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}
