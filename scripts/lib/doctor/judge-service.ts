import { scriptCommand } from "../cli/script-command.ts";
import { enableAccount } from "../google/commands/accounts.ts";
import { enableVersion } from "../google/commands/secrets.ts";
import { formatCommand } from "../google/gcloud.ts";
import { isOurService, isOwnedByCloudDeploy } from "../service/ownership.ts";
import type { Settings } from "../settings/settings.ts";
import type { Facts } from "./facts.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import { valueOf } from "./seen.ts";

/** The service, and what it lives on. Before the first deploy nothing of it is missing. */
export function judgeService(settings: Settings, facts: Facts): Finding[] {
  return [
    judgeAccount(settings, facts),
    ...judgeKeys(settings, facts),
    ...judgeClientKeys(settings, facts),
    judgeOwner(settings, facts),
  ];
}

function judgeAccount(settings: Settings, facts: Facts): Finding {
  const check = "account";
  const { account } = facts;
  const { serviceAccount } = settings;
  if ("reason" in account) return unlooked(check, account.reason);
  if (account.value === undefined) {
    return judgeAbsent(check, serviceAccount, settings, facts);
  }
  if (!account.value.disabled) return ok(check, serviceAccount);
  return problem(
    check,
    `${serviceAccount} is disabled`,
    formatCommand(enableAccount(settings, serviceAccount)),
  );
}

function judgeKeys(settings: Settings, facts: Facts): Finding[] {
  return settings.keys.map((key) => {
    const check = key.title;
    const { secret } = key;
    const versions = facts.secrets.get(secret);
    if (versions === undefined) return ok(check, secret);
    if ("reason" in versions) return unlooked(check, versions.reason);
    const enabled = versions.value?.find(({ state }) => state === "ENABLED");
    if (enabled !== undefined) {
      return ok(check, `${secret}, version ${enabled.number}`);
    }
    const disabled = versions.value?.find(({ state }) => state === "DISABLED");
    if (disabled === undefined) {
      return judgeAbsent(check, `secret ${secret}`, settings, facts);
    }
    return problem(
      check,
      `secret ${secret} has no enabled version`,
      formatCommand(enableVersion(settings, secret, disabled.number)),
    );
  });
}

/** Cloud Run reads `latest`, which is the newest version whatever its state. */
function judgeClientKeys(settings: Settings, facts: Facts): Finding[] {
  const { clientKeys, clientKeysSecret: secret } = settings;
  if (!clientKeys) return [];
  const check = "client keys";
  const versions = facts.secrets.get(secret);
  if (versions === undefined) return [ok(check, secret)];
  if ("reason" in versions) return [unlooked(check, versions.reason)];
  const [latest] = versions.value ?? [];
  if (latest === undefined) {
    return [judgeAbsent(check, `secret ${secret}`, settings, facts)];
  }
  const version = `version ${latest.number} of secret ${secret}`;
  if (latest.state === "ENABLED") return [ok(check, version)];
  const state = latest.state.toLowerCase();
  return [
    latest.state === "DISABLED"
      ? problem(
          check,
          `${version}, its latest, is ${state}, and the service reads that one`,
          formatCommand(enableVersion(settings, secret, latest.number)),
        )
      : problem(
          check,
          `${version}, its latest, is ${state}, and the service reads that one; any change of the list stores it anew:`,
          scriptCommand("keys", settings.env, "add", "NAME"),
        ),
  ];
}

function judgeAbsent(
  check: string,
  what: string,
  { env }: Settings,
  { service }: Facts,
): Finding {
  const deploy = scriptCommand("deploy", env);
  return valueOf(service) === undefined
    ? ok(check, `${what} is not there yet: the first deploy makes it`)
    : problem(check, `${what} is gone or empty; deploying makes it:`, deploy);
}

function judgeOwner(settings: Settings, { service: seen }: Facts): Finding {
  const check = "service";
  const { delivery, env, region, service: name } = settings;
  if ("reason" in seen) return unlooked(check, seen.reason);
  const { value: service } = seen;
  if (service === undefined) {
    return ok(check, `${name} is not in ${region} yet`);
  }
  if (!isOurService(service)) {
    return problem(
      check,
      `${name} in ${region} was not made by this project; take it over, or set another SERVICE:`,
      scriptCommand("deploy", env, "--adopt"),
    );
  }
  if (!isOwnedByCloudDeploy(service)) {
    return ok(check, `${name} in ${region}, deployed directly`);
  }
  if (delivery === "pipeline") {
    return ok(check, `${name} in ${region}, deployed by Cloud Deploy`);
  }
  return warning(
    check,
    `${name} in ${region} is deployed by Cloud Deploy, and envs/${env}.env says DELIVERY=direct; take it from Cloud Deploy, whose next rollout would undo that:`,
    scriptCommand("deploy", env, "--force"),
  );
}
