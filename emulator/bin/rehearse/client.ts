import { setTimeout as delay } from "node:timers/promises";
import OpenAI from "openai";
import { type Gateway, askGateway } from "../gateway.ts";

/** Milliseconds between the starts of two requests. */
const PACE = 250;

/** An application that asks all the time. */
export interface Client {
  /** Answered so far, and what the others got. */
  readonly answered: number;
  readonly failures: readonly string[];
  /** Waits for what is under way. */
  stop: () => Promise<void>;
}

/** Asks a gateway through the OpenAI SDK, without a retry, four times a second until it is stopped. */
export function startClient(gateway: Gateway): Client {
  const failures: string[] = [];
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let answered = 0;
  const ask = async () => {
    try {
      await askGateway(gateway, { maxRetries: 0 });
      answered += 1;
    } catch (error) {
      failures.push(describe(error));
    }
  };
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      const request = ask().finally(() => underWay.delete(request));
      underWay.add(request);
      await delay(PACE, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  })();
  return {
    get answered() {
      return answered;
    },
    failures,
    async stop() {
      stopping.abort();
      await asking;
      await Promise.all(underWay);
    },
  };
}

function describe(error: unknown): string {
  if (error instanceof OpenAI.APIError) {
    return `${String(error.status)} ${error.message}`;
  }
  return String(error);
}
