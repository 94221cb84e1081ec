import type { Condition } from "./model.ts";
import type { Failure } from "./state.ts";

type Verdicts = Record<
  string,
  Pick<Condition, "status" | "reason" | "message" | "severity">
>;

const RETIRED = "Retired";

/** While a revision's image is fetched and its first container comes up. */
export function judgeDeploying(): Verdicts {
  const deploying = { status: "Unknown", reason: "Deploying" } as const;
  return {
    Ready: { ...deploying, message: "Deploying Revision." },
    Active: { ...deploying, severity: "Info" },
    ContainerHealthy: deploying,
    ContainerReady: deploying,
    ResourcesAvailable: deploying,
  };
}

/** Once its container has come up, in so many seconds. */
export function judgeReady(seconds: number, minInstances: number): Verdicts {
  const time = `${seconds.toFixed(2)}s`;
  return {
    Ready: {
      status: "True",
      message: `Deploying revision succeeded in ${time}.`,
    },
    Active: { status: "True", severity: "Info" },
    ContainerHealthy: {
      status: "True",
      message: `Containers became healthy in ${time}.`,
    },
    ContainerReady: {
      status: "True",
      message: "Container image import completed.",
    },
    ...(minInstances > 0 && {
      MinInstancesProvisioned: {
        status: "True",
        severity: "Info",
        message: `Min instances provisioned successfully in ${time}.`,
      },
    }),
    ResourcesAvailable: {
      status: "True",
      message: "Provisioning imported containers completed.",
    },
  };
}

/** When it has neither traffic nor a tag any more. */
export function judgeRetired(): Verdicts {
  const message = "Revision retired.";
  return {
    Ready: { status: "True", reason: RETIRED },
    Active: { status: "False", reason: RETIRED, severity: "Info", message },
    ContainerHealthy: { status: "Unknown", reason: RETIRED },
    MinInstancesProvisioned: {
      status: "False",
      reason: "NotProvisioned",
      severity: "Info",
    },
    ResourcesAvailable: { status: "Unknown", reason: RETIRED, message },
  };
}

/** When it did not come up. The condition that failed depends on the cause. */
export function judgeFailed(failure: Failure): Verdicts {
  const denied = { status: "False", ...failure } as const;
  const unknown = { status: "Unknown", reason: failure.reason } as const;
  const imported = failure.reason === "HealthCheckContainerError";
  const missing = failure.reason === "ContainerMissing";
  return {
    Ready: denied,
    Active: { status: "False", reason: failure.reason, severity: "Info" },
    ContainerHealthy: imported ? denied : unknown,
    ContainerReady: imported ? { status: "True" } : missing ? denied : unknown,
    ResourcesAvailable: imported
      ? { status: "True" }
      : missing
        ? unknown
        : denied,
  };
}
