import { setTimeout } from "node:timers/promises";
import { runOf } from "../../../emulator/apis/run/state.ts";
import type { Cloud, Project } from "../../../emulator/core/cloud.ts";
import type { Binding, Policy } from "../../../emulator/core/policy.ts";
import type { Answer, Judge } from "../gate.ts";

export interface Weather {
  judge: Judge;
  /** How many calls of each kind were spoilt. */
  spoilt: Record<string, number>;
  calls: number;
}

/** Answers a share of all calls badly, or late; the same ones for the same `random`, as far as calls come in order. */
export function badWeather(
  random: () => number,
  { share = 0.2, delayMs }: { share?: number; delayMs: number },
): Weather {
  const kinds: Record<string, (passOn: PassOn) => ReturnType<PassOn>> = {
    "429": () => say(429, "RESOURCE_EXHAUSTED", "Quota exceeded."),
    "503": () => say(503, "UNAVAILABLE", "The service is unavailable."),
    "409": () => say(409, "ABORTED", "The operation was aborted."),
    "reset before": () => Promise.resolve(undefined),
    "reset after": async (passOn) => {
      await passOn();
      return undefined;
    },
    late: async (passOn) => {
      await setTimeout(delayMs);
      return passOn();
    },
  };
  const names = Object.keys(kinds);
  const weather: Weather = {
    spoilt: {},
    calls: 0,
    judge: async (_, passOn) => {
      weather.calls += 1;
      if (random() >= share) return passOn();
      const name = names[Math.floor(random() * names.length)] ?? "503";
      weather.spoilt[name] = (weather.spoilt[name] ?? 0) + 1;
      return kinds[name]?.(passOn);
    },
  };
  return weather;
}

type PassOn = () => Promise<Answer | undefined>;

function say(status: number, code: string, message: string): Promise<Answer> {
  const body = Buffer.from(
    JSON.stringify({ error: { code: status, message, status: code } }),
  );
  const headers = {
    "content-type": "application/json",
    "content-length": String(body.length),
  };
  return Promise.resolve({ status, headers, body });
}

/**
 * What is written to IAM (a new account, a member of a role) is seen only after
 * a while, as Google says it may be (IAM docs, "Access change propagation").
 */
export function lateIam(cloud: Cloud, delayMs: number): Judge {
  return async ({ isWrite, url }, passOn) => {
    const isPolicy = isWrite && url.includes(":setIamPolicy");
    const isAccount = isWrite && /\/serviceAccounts(\?|$)/.test(url);
    if (!isPolicy && !isAccount) return passOn();
    const accounts = listAccounts(cloud);
    const members = new Map(listHolders(cloud).map((h) => [h, membersOf(h)]));
    const answer = await passOn();
    if (isAccount) {
      for (const [project, email] of listAccounts(cloud)) {
        if (accounts.some(([, known]) => known === email)) continue;
        hideAccount(project, email, delayMs);
      }
    }
    if (isPolicy) {
      for (const [holder, known] of members) hideNew(holder, known, delayMs);
    }
    return answer;
  };
}

/** What has a policy; a written one is another object. */
interface Holder {
  policy: Policy;
}

function listHolders(cloud: Cloud): Holder[] {
  return [...cloud.projects.values()].flatMap((project) => [
    project,
    ...project.serviceAccounts.values(),
    ...project.secrets.values(),
    ...runOf(project).services.values(),
  ]);
}

function membersOf({ policy }: Holder): Set<string> {
  return new Set(
    policy.bindings.flatMap(({ role, members }) =>
      members.map((member) => `${role} ${member}`),
    ),
  );
}

function listAccounts(cloud: Cloud): [Project, string][] {
  return [...cloud.projects.values()].flatMap((project) =>
    [...project.serviceAccounts.keys()].map((email): [Project, string] => [
      project,
      email,
    ]),
  );
}

function hideAccount(project: Project, email: string, delayMs: number): void {
  const account = project.serviceAccounts.get(email);
  if (account === undefined) return;
  project.serviceAccounts.delete(email);
  void setTimeout(delayMs).then(() => {
    if (!project.serviceAccounts.has(email)) {
      project.serviceAccounts.set(email, account);
    }
  });
}

/** Takes what is new out of the policy, and puts it back later. */
function hideNew(
  holder: Holder,
  known: ReadonlySet<string>,
  delayMs: number,
): void {
  const hidden: Binding[] = [];
  for (const binding of holder.policy.bindings) {
    const fresh = binding.members.filter(
      (member) => !known.has(`${binding.role} ${member}`),
    );
    if (fresh.length === 0) continue;
    hidden.push({ ...binding, members: fresh });
    binding.members = binding.members.filter((m) => !fresh.includes(m));
  }
  holder.policy.bindings = holder.policy.bindings.filter(
    (b) => b.members.length > 0,
  );
  if (hidden.length === 0) return;
  void setTimeout(delayMs).then(() => {
    const { bindings } = holder.policy;
    for (const binding of hidden) {
      const there = bindings.find((b) => b.role === binding.role);
      if (there === undefined) bindings.push(binding);
      else there.members = [...new Set([...there.members, ...binding.members])];
    }
  });
}
