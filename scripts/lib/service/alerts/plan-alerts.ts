import { isDeepStrictEqual } from "node:util";
import { enableApis } from "../../google/commands/apis.ts";
import * as commands from "../../google/commands/monitoring.ts";
import {
  type Plan,
  type Step,
  compact,
  gcloudStep,
  removalStep,
  spreadingStep,
} from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import type { AlertsState, ChannelState, PolicyState } from "./alerts-state.ts";
import { channelStep } from "./channel-step.ts";
import { ALERTS_API } from "./read-alerts.ts";
import { labelsOf, nameOf } from "./labels.ts";
import { deleteCheck, planCheck } from "./plan-check.ts";
import type { AlertKind } from "./policy.ts";
import { listPolicies } from "./rules.ts";

export interface AlertsInput {
  settings: Settings;
  email: string;
  /** What an uptime check asks; undefined: it could not. */
  host: string | undefined;
}

export interface AlertsPlan {
  plan: Plan;
  /** What stays, and why. */
  kept: string[];
  /** What is left out, and why. */
  notes: string[];
}

/**
 * What is missing or different of an env's alerts. One lane: calls that change a
 * project's policies, or its channels, are to come one after the other (discovery
 * document of Monitoring v3).
 */
export function planAlerts(input: AlertsInput, state: AlertsState): Plan {
  const { settings } = input;
  const policies = planPolicies(input, state);
  const checks = planCheck(settings, input.host, state.checks);
  return compact([
    state.apiEnabled
      ? []
      : [
          spreadingStep(
            `Enable ${ALERTS_API} in ${settings.projectId}`,
            enableApis(settings, [ALERTS_API]),
          ),
        ],
    [
      [
        ...planChannel(input, state),
        ...checks.wanted,
        ...policies.wanted,
        // What refers to others goes before them.
        ...policies.surplus,
        ...checks.surplus,
        ...surplusChannels(settings, state.channels.slice(1), state.shared),
      ],
    ],
  ]);
}

/** Exactly what carries the labels of this service; a channel that somebody else's policy notifies stays. */
export function planAlertsRemoval(
  settings: Settings,
  state: AlertsState,
): Omit<AlertsPlan, "notes"> {
  const { policies, checks, channels, shared } = state;
  const plan = compact([
    [
      [
        ...policies.map((policy) => deletePolicy(settings, policy)),
        ...checks.map((check) => deleteCheck(settings, check)),
        ...surplusChannels(settings, channels, shared),
      ],
    ],
  ]);
  const kept = channels
    .filter(({ name }) => shared.has(name))
    .map(
      (channel) =>
        `notification channel to ${targetOf(channel)}: alerts that this project did not make notify it`,
    );
  return { plan, kept };
}

function planChannel(
  { settings, email }: AlertsInput,
  { channels: [channel] }: AlertsState,
): Step[] {
  if (channel === undefined) {
    const made = {
      displayName: nameOf(settings),
      email,
      userLabels: labelsOf(settings),
    };
    const command = commands.createChannel(settings, made);
    return [gcloudStep(`Create notification channel to ${email}`, command)];
  }
  const isRight =
    channel.labels?.email_address === email && channel.enabled !== false;
  if (isRight) return [];
  const command = commands.updateChannel(settings, channel.name, email);
  return [
    gcloudStep(`Send the alerts of ${settings.env} to ${email}`, command),
  ];
}

function planPolicies(
  { settings, host }: AlertsInput,
  { policies, channels: [channel] }: AlertsState,
): { wanted: Step[]; surplus: Step[] } {
  const kept = new Set<PolicyState>();
  const wanted = listPolicies(settings, host).flatMap(([kind, policy]) => {
    const found = policies.find((one) => kindOf(one) === kind);
    if (found === undefined) {
      return [
        channelStep(
          settings,
          channel,
          `Create alert "${policy.displayName}"`,
          (to) => commands.createPolicy(settings, policy, to),
        ),
      ];
    }
    kept.add(found);
    const isRight =
      holds(found, policy) &&
      channel !== undefined &&
      isDeepStrictEqual(found.notificationChannels, [channel.name]);
    if (isRight) return [];
    return [
      channelStep(
        settings,
        channel,
        `Set alert "${policy.displayName}"`,
        (to) => commands.updatePolicy(settings, found.name, policy, to),
      ),
    ];
  });
  const surplus = policies
    .filter((policy) => !kept.has(policy))
    .map((policy) => deletePolicy(settings, policy));
  return { wanted, surplus };
}

/** Whether what is found has all that is wanted; Google shows more. */
function holds(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((item, index) => holds(found[index], item))
    );
  }
  if (typeof wanted !== "object" || wanted === null) return found === wanted;
  if (typeof found !== "object" || found === null) return false;
  return Object.entries(wanted).every(([key, value]) =>
    holds((found as Record<string, unknown>)[key], value),
  );
}

function kindOf({ userLabels }: PolicyState): AlertKind | undefined {
  return userLabels?.alert as AlertKind | undefined;
}

function deletePolicy(settings: Settings, policy: PolicyState): Step {
  return removalStep(
    `Delete alert "${policy.displayName ?? policy.name}"`,
    commands.deletePolicy(settings, policy.name),
  );
}

function surplusChannels(
  settings: Settings,
  channels: readonly ChannelState[],
  shared: ReadonlySet<string>,
): Step[] {
  return channels
    .filter(({ name }) => !shared.has(name))
    .map((channel) =>
      removalStep(
        `Delete notification channel to ${targetOf(channel)}`,
        commands.deleteChannel(settings, channel.name),
      ),
    );
}

function targetOf({ name, labels }: ChannelState): string {
  return labels?.email_address ?? name;
}
