import { grantInvoker } from "../service/guard.ts";
import type { CheckFailure, FailureFacts, FailureKind } from "./failure.ts";
import * as gemini from "./gemini-hints.ts";
import * as command from "./hint-commands.ts";
import { isOthers } from "./provider.ts";
import type { VerifyTarget } from "./target.ts";

/** Lines: sentences, and commands each on a line of its own. */
type Hint = (target: VerifyTarget, facts: FailureFacts) => string[];

/** What the operator does about a failure; `facts` are what the check itself knows. */
export function hintFor(
  target: VerifyTarget,
  failure: CheckFailure,
  facts: FailureFacts = {},
): string {
  const lines = HINTS[failure.kind](target, { ...facts, ...failure.facts });
  return lines.join("\n");
}

const HINTS: Record<FailureKind, Hint> = {
  "refused-connection": (t) => [
    `Nothing listens at ${t.baseUrl}. Compare it with the service's URL:`,
    command.describeService(t),
  ],
  "unknown-host": (t) => [
    `${new URL(t.baseUrl).hostname} has no address here. Check the network (a proxy?) and the service's URL:`,
    command.describeService(t),
  ],
  "lost-connection": (t) => [
    "The instance may have been stopped, or have run out of memory. Its log says:",
    command.readLogs(t),
  ],
  timeout: (t) => [
    `Run verify again. If it stays: more CPU or MIN_INSTANCES=1 helps against slow starts, a higher TIMEOUT against slow models (envs/${t.env}.env). The log says:`,
    command.readLogs(t),
  ],
  deadline: () => [
    "The time for the whole verification was over: mend what failed above, or allow more time.",
  ],
  "invoker-refused": hintInvoker,
  "no-such-service": (t) =>
    t.ingress === "all"
      ? [
          "This URL leads to no service, or the service's ingress or default URL is closed to you. Compare:",
          command.describeService(t),
        ]
      : [
          `INGRESS=${t.ingress} lets in calls from inside only. If this machine is outside, go on from one that is not; nothing has to be undone before:`,
          command.deployAgain(t),
        ],
  gone: (t) => [
    "Another run removed it (a clean, or another deploy). Once that one has ended, deploy again:",
    command.deployAgain(t),
  ],
  "no-instance": (t) => [
    `Cloud Run had no instance to spare: raise MAX_INSTANCES or CONCURRENCY in envs/${t.env}.env and deploy again:`,
    command.deployAgain(t),
  ],
  "instance-broke": (t) => [
    "The container crashed, ran out of memory or does not listen. Its log says:",
    command.readLogs(t),
  ],
  "key-refused": (t) => [
    `The service runs with another master key than secret ${t.keySecrets.masterKey} holds now. Deploy again:`,
    command.deployAgain(t),
  ],
  "not-refused": (t) => [
    `Anyone can use this gateway at your cost. It must run with the key in secret ${t.keySecrets.masterKey}:`,
    command.deployAgain(t),
  ],
  "open-to-all": (t) => [
    "Cloud Run lets everybody in although ACCESS=iam: the invoker check is off, or allUsers holds roles/run.invoker. Deploying again mends it:",
    command.deployAgain(t),
  ],
  "unknown-name": runsOtherConfig,
  cooldown: () => [
    "LiteLLM rests a deployment for some seconds after errors. Run verify again.",
  ],
  "gateway-overload": (t) => [
    `LiteLLM is at its limit of requests: raise MAX_INSTANCES in envs/${t.env}.env, or max_in_flight_requests_per_worker in the config, and deploy again:`,
    command.deployAgain(t),
  ],
  "not-ready": (t) => ["LiteLLM's log says why:", command.readLogs(t)],
  "other-config": runsOtherConfig,
  "bad-version": (t) => [
    `Set IMAGE in envs/${t.env}.env to a current release and deploy again:`,
    command.deployAgain(t),
  ],
  "redis-unreachable": (t, { redis = "REDIS_HOST" }) => [
    `LiteLLM answers without it: each instance has a cache and counters of its own. Look at ${redis}, the port, the password, and whether the service is in its network: NETWORK or SUBNET, and VPC_EGRESS=private-ranges-only, in envs/${t.env}.env. Then deploy again; the log says more:`,
    command.deployAgain(t),
    command.readLogs(t),
  ],
  "vertex-permission": (t, facts) =>
    isOthers(facts.model)
      ? [
          `The provider of ${facts.model ?? "this model"} does not let this key use it: look at what the account that the key is from may use.`,
        ]
      : gemini.hintPermission(t, facts),
  "api-disabled": gemini.hintApi,
  "no-credentials": gemini.hintCredentials,
  "model-not-found": gemini.hintModelNotFound,
  "gemini-key": gemini.hintGeminiKey,
  "gemini-location": (t) => [
    `The Gemini API does not serve REGION=${t.region}: deploy to a region that it serves (ai.google.dev/gemini-api/docs/available-regions), or use MODE=vertex.`,
  ],
  quota: (t, facts) =>
    isOthers(facts.model)
      ? [
          `The provider of ${facts.model ?? "the model"} is busy, or its key is over its limits: wait and run verify again, or look at the limits and the balance of the account that the key is from.`,
        ]
      : gemini.hintQuota(t, facts),
  "provider-key": (t, facts) => [
    `The provider refuses the key that the service has for ${facts.model ?? "this model"}. Set the variable that its api_key names in the config to a valid key in this shell, and deploy again:`,
    command.deployAgain(t),
  ],
  "model-overload": (_t, { model = "" }) => [
    isOthers(model)
      ? `The provider of ${model} is overloaded or broken: run verify again in some minutes.`
      : "Google's side is overloaded or broken: run verify again in some minutes. Outages: https://status.cloud.google.com",
  ],
  "model-refused": (t, facts) => [
    `The model does not take this request: look at the parameters of ${facts.model ?? "its deployment"} in the config. litellm_settings.drop_params: true drops those that a model does not know.`,
  ],
  "not-implemented": (t, facts) => [
    `No outage: whoever answers for ${facts.model ?? "the model"} does not have what was asked for. In a rehearsal that is a limit of the rehearsal, which the message names; elsewhere look at the deployment's parameters in the config of envs/${t.env}.env.`,
  ],
  "model-unreachable": (t, { model = "" }) => [
    isOthers(model)
      ? `LiteLLM does not reach the provider of ${model}: look at api_base in the config. A service with VPC egress needs Cloud NAT for what is not Google's. Its log says:`
      : "LiteLLM does not reach Google. A service with VPC egress needs Private Google Access or Cloud NAT. Its log says:",
    command.readLogs(t),
  ],
  "empty-answer": (t) => [
    "The model answered without text. Run verify again; if it stays, the log says:",
    command.readLogs(t),
  ],
  "blocked-answer": () => [
    "A filter held back the answer to a harmless question: look at safety_settings in the config.",
  ],
  "damaged-text": () => [
    "UTF-8 text was changed on the way: look for a proxy or load balancer between here and the service.",
  ],
  "cut-stream": (t) => [
    `Something ended the stream early: TIMEOUT in envs/${t.env}.env, a proxy in between, or a crash. The log says:`,
    command.readLogs(t),
  ],
  "no-tool-call": (t, facts) => [
    `Run verify again: a model may choose not to call where nothing forces it. If it stays, ${facts.model ?? "the model"} is not one for clients that use tools, such as coding agents. The log may say more:`,
    command.readLogs(t),
  ],
  "other-schema": (_t, facts) => [
    `Clients that ask ${facts.model ?? "this model"} for a strict schema have to check the answers themselves.`,
  ],
  "other-deployment": () => [
    "Look at fallbacks and router_settings in the config: another deployment answered than the one asked for.",
  ],
  unexpected: (t) => ["The log may say more:", command.readLogs(t)],
};

function runsOtherConfig(t: VerifyTarget): string[] {
  return [
    "The service does not run the config that is here. Deploy it:",
    command.deployAgain(t),
  ];
}

function hintInvoker(t: VerifyTarget): string[] {
  if (t.access === "public") {
    return [
      "Cloud Run asks for an identity although ACCESS=public. Deploy again; where an organisation policy (run.managed.requireInvokerIam) forbids public services, use ACCESS=iam:",
      command.deployAgain(t),
    ];
  }
  return [
    "You need roles/run.invoker on the service; a new binding takes a minute. If you have it, log in again (gcloud auth login).",
    grantInvoker(t),
  ];
}
