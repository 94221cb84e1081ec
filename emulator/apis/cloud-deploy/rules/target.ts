import type { SentTarget } from "../requests.ts";
import type { Target } from "../state.ts";
import { requireSeconds } from "./duration.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { requireParameters } from "./parameters.ts";
import { refusal, required } from "./refusal.ts";

/** Seconds: ten minutes and a day. */
const SHORTEST_EXECUTION = 600;
const LONGEST_EXECUTION = 86_400;

type Configs = NonNullable<Target["executionConfigs"]>;

/** Throws INVALID_ARGUMENT. */
export function readTarget(
  sent: SentTarget,
): Metadata &
  Pick<
    Target,
    "requireApproval" | "run" | "deployParameters" | "executionConfigs"
  > {
  const { run, deployParameters, executionConfigs } = sent;
  const location = required(run?.location, "run.location");
  if (!/^projects\/[^/]+\/locations\/[^/]+$/.test(location)) {
    throw refusal(
      `run.location "${location}" must match projects/{project}/locations/{location}`,
    );
  }
  requireParameters("target", deployParameters);
  return {
    ...readMetadata(sent),
    ...(sent.requireApproval === true && { requireApproval: true }),
    run: { location },
    ...(deployParameters && { deployParameters }),
    ...(executionConfigs && {
      executionConfigs: readConfigs(executionConfigs),
    }),
  };
}

function readConfigs(
  sent: NonNullable<SentTarget["executionConfigs"]>,
): Configs {
  const configs = sent.map((config, index) => {
    const at = `execution_configs[${index}]`;
    const { usages = [], executionTimeout: timeout } = config;
    if (usages.length === 0) throw refusal(`${at}.usages is required`);
    requireSeconds(`${at}.execution_timeout`, timeout, {
      from: SHORTEST_EXECUTION,
      to: LONGEST_EXECUTION,
    });
    return { ...config, usages };
  });
  const used = configs.flatMap(({ usages }) => usages);
  const twice = used.find((usage, index) => used.indexOf(usage) !== index);
  if (twice !== undefined) {
    throw refusal(`execution_configs has the usage ${twice} more than once`);
  }
  if (!used.includes("RENDER") || !used.includes("DEPLOY")) {
    throw refusal(
      "execution_configs must include the usages RENDER and DEPLOY",
    );
  }
  return configs;
}
