import { SecretValue } from "../../scripts/lib/cli/secret-value.ts";
import type { SecretPayloads } from "../../scripts/lib/google/secret-payloads.ts";
import type { Service } from "../../scripts/lib/manifest/knative.ts";
import type { Settings } from "../../scripts/lib/settings/settings.ts";
import { rendered } from "./states.ts";

/** Secrets to read from, by `NAME/VERSION`. Nothing can be stored in them. */
export function payloadsOf(
  stored: Readonly<Record<string, string>>,
): SecretPayloads {
  return {
    add: (secret) => Promise.reject(new Error(`nobody stores ${secret} here`)),
    access: (secret, version) => {
      const value = stored[`${secret}/${version}`];
      return value === undefined
        ? Promise.reject(new Error(`there is no ${secret}/${version}`))
        : Promise.resolve(new SecretValue(value));
    },
  };
}

/** The service as the bash flow made it: its keys are plain values. */
export function plainService(
  settings: Settings,
  keys: Readonly<Record<string, string>>,
): Service {
  const service = rendered(settings, {
    configVersion: "latest",
    keys: { masterKey: "1", geminiKey: "1" },
  });
  const [container] = service.spec.template.spec.containers;
  if (container === undefined) throw new Error("no container");
  container.env = Object.entries(keys).map(([name, value]) => ({
    name,
    value,
  }));
  return service;
}
