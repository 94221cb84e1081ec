import { setTimeout as delay } from "node:timers/promises";
import { SecretValue } from "../../scripts/lib/cli/secret-value.ts";
import type { Call, Sent } from "../../scripts/lib/load/call.ts";
import { type Bounds, startLoad } from "../../scripts/lib/load/generate.ts";
import { createSend } from "../../scripts/lib/load/send-call.ts";
import { type Summary, summarize } from "../../scripts/lib/load/statistics.ts";
import type { Gateway, Lab } from "./lab.ts";
import { MASTER_KEY, PROJECT_ID } from "./setup.ts";

const MODEL = "gemini-3.5-flash";

/** How calls are sent; the clock is that of their run. */
export type Sender = (now: () => number) => () => Promise<Sent>;

export interface Run {
  summary: Summary;
  /** In the order in which they were due. */
  calls: readonly Call[];
  /** Share of the time in which this process was busy: with the client, Google's front end and Gemini. */
  busy: number;
}

interface ChatOptions {
  stream?: boolean;
  prompt?: string;
  /** Told of each answer before it is read. */
  onAnswer?: (answer: Response) => void;
}

/** Chat calls to a gateway, or to whatever answers as one. */
export function chat(
  { url }: Pick<Gateway, "url">,
  options: ChatOptions = {},
): Sender {
  const { stream = false, prompt, onAnswer } = options;
  const send: typeof fetch = async (...request) => {
    const answer = await fetch(...request);
    onAnswer?.(answer);
    return answer;
  };
  return (now) =>
    createSend(
      {
        url,
        model: MODEL,
        stream,
        masterKey: new SecretValue(MASTER_KEY),
        identity: undefined,
        fetch: send,
        ...(prompt !== undefined && { prompt }),
      },
      now,
    );
}

/** Of the call that a gateway makes of Vertex AI. */
export function vertexUrl({ geminiUrl }: Lab): string {
  return `${geminiUrl}/v1/projects/${PROJECT_ID}/locations/global/publishers/google/models/${MODEL}:generateContent`;
}

/** Calls of Vertex AI itself. */
export function direct(lab: Lab): Sender {
  const url = vertexUrl(lab);
  const parts = [{ text: "Repeat this text exactly: hello" }];
  const body = JSON.stringify({ contents: [{ role: "user", parts }] });
  const headers = {
    authorization: `Bearer ${lab.token}`,
    "content-type": "application/json",
  };
  return (now) => async () => {
    const started = now();
    const response = await fetch(url, { method: "POST", headers, body });
    const words = await response.text();
    if (response.ok) return { started, first: now() };
    const { status } = response;
    return { started, failure: { kind: "unexpected", status, words } };
  };
}

/** Sends calls within the bounds. */
export async function run(
  sender: Sender,
  bounds: Omit<Bounds, "calls"> & { calls?: number },
): Promise<Run> {
  const origin = performance.now();
  const idle = performance.eventLoopUtilization();
  const now = (): number => performance.now() - origin;
  const clock = { now, sleep: (ms: number) => delay(ms) };
  const load = startLoad({ calls: Infinity, ...bounds }, sender(now), clock);
  await load.done;
  const calls = load.calls.toSorted((a, b) => a.due - b.due);
  const { utilization } = performance.eventLoopUtilization(idle);
  return { calls, summary: summarize(calls), busy: utilization };
}
