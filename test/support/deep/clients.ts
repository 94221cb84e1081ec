import { setTimeout } from "node:timers/promises";
import type { StoredSecret } from "../../../emulator/core/cloud.ts";
import { listServices } from "./snapshot.ts";
import type { Stage } from "./stage.ts";

/** How a service's clients fared. */
export interface Asked {
  requests: number;
  /** What those saw that were not answered. */
  failures: string[];
}

export interface Clients {
  /** Ends them. */
  stop: () => Promise<Asked>;
}

const PAUSE_MS = 200;
/** Per service, so that a test that never ends its clients is not asked for ever. */
const MOST = 2000;

/**
 * Asks each service that serves for a chat completion, a few times a second, as
 * its users do. Who keeps the master key of the service changes it with it: a
 * request has failed when no version of the key is answered.
 */
export function startClients(stage: Stage): Clients {
  const asked: Asked = { requests: 0, failures: [] };
  const state = { isOver: false };
  const loops = listServices(stage.emulator.cloud)
    .filter(({ serving }) => serving.some((t) => (t.percent ?? 0) > 0))
    .map(async ({ projectId, region, name, revisions, serving }) => {
      const { cloud } = stage.emulator;
      const template = revisions.get(serving[0]?.revisionName ?? "")?.template;
      const [container] = template?.spec.containers ?? [];
      const entry = container?.env?.find(
        (e) => e.name === "LITELLM_MASTER_KEY",
      );
      const { secretKeyRef } = entry?.valueFrom ?? {};
      const secret = cloud
        .project(projectId)
        .secrets.get(secretKeyRef?.name ?? "");
      if (secret === undefined) return;
      const url = listServices(cloud).find(
        (s) => s.region === region && s.name === name,
      )?.frontEnd?.url;
      if (url === undefined) return;
      let version = Number(secretKeyRef?.key);
      while (!state.isOver && asked.requests < MOST) {
        asked.requests += 1;
        let answer = await ask(url, secret, version);
        for (const other of othersThan(version, secret, answer)) {
          const again = await ask(url, secret, other);
          if (again !== "200") continue;
          version = other;
          answer = again;
          break;
        }
        if (answer !== "200") asked.failures.push(answer);
        await setTimeout(PAUSE_MS);
      }
    });
  return {
    stop: async () => {
      state.isOver = true;
      await Promise.all(loops);
      return asked;
    },
  };
}

function othersThan(
  version: number,
  secret: StoredSecret,
  answer: string,
): number[] {
  if (answer !== "400" && answer !== "401") return [];
  return secret.versions
    .map((v) => v.number)
    .filter((number) => number !== version)
    .reverse();
}

/** The status, or why there is none. */
async function ask(
  url: string,
  secret: StoredSecret,
  version: number,
): Promise<string> {
  const key = secret.versions.find((v) => v.number === version)?.payload;
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key?.toString() ?? ""}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        model: MODEL,
        messages: [{ role: "user", content: "Say hello." }],
      }),
      signal: AbortSignal.timeout(30_000),
    });
    await response.text();
    return String(response.status);
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? `${message}: ${cause.message}` : message;
  }
}

/** The chat model that small-config.ts leaves. */
const MODEL = "gemini-4-argon";
