import type { Stage, Target } from "../state.ts";
import { refusal } from "./refusal.ts";

/** Docs: "Pass parameters to your deployment". */
const MOST = 50;
const LONGEST_VALUE = 512;
const RESERVED = "CLOUD_DEPLOY_";
const KEY = /^[a-zA-Z0-9]([-A-Za-z0-9_.]{0,61}[a-zA-Z0-9])?$/;

/** Throws INVALID_ARGUMENT on deploy parameters that Cloud Deploy refuses. `where` holds them. */
export function requireParameters(
  where: string,
  parameters: Record<string, string> = {},
): void {
  const entries = Object.entries(parameters);
  if (entries.length > MOST) {
    throw refusal(
      `${where}.deploy_parameters has ${entries.length} entries, the maximum is ${MOST}`,
    );
  }
  for (const [key, value] of entries) {
    const at = `${where}.deploy_parameters["${key}"]`;
    if (!KEY.test(key)) {
      throw refusal(`${at}: the key must match ${KEY.source}`);
    }
    if (key.startsWith(RESERVED)) {
      throw refusal(`${at}: the prefix ${RESERVED} is reserved`);
    }
    if (value.length > LONGEST_VALUE) {
      throw refusal(
        `${at}: the value has ${value.length} characters, the maximum is ${LONGEST_VALUE}`,
      );
    }
  }
}

/** All parameters that a target gets. Throws INVALID_ARGUMENT where two places give the same one. */
export function joinParameters(
  target: Target,
  stage: Stage,
  ofRelease: Record<string, string> = {},
): Record<string, string> {
  const { labels = {} } = target;
  const ofStage = (stage.deployParameters ?? [])
    .filter(({ matchTargetLabels = {} }) =>
      Object.entries(matchTargetLabels).every(
        ([key, value]) => labels[key] === value,
      ),
    )
    .map(({ values }) => ({ place: "pipeline stage", values }));
  const joined: Record<string, string> = {};
  const places = new Map<string, string>();
  for (const { place, values } of [
    { place: "target", values: target.deployParameters ?? {} },
    ...ofStage,
    { place: "release", values: ofRelease },
  ]) {
    for (const [key, value] of Object.entries(values)) {
      const other = places.get(key);
      if (other !== undefined) {
        throw refusal(
          `deploy parameter "${key}" for target "${stage.targetId}" is set by the ${other} and by the ${place}: a key can only be set once for a target`,
        );
      }
      places.set(key, place);
      joined[key] = value;
    }
  }
  return joined;
}
