import { setTimeout as delay } from "node:timers/promises";
import { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import { GoogleError } from "../../core/google-error.ts";
import { invalid } from "./request.ts";
import { type GeminiState, noFaults } from "./state.ts";

/** Waits and fails as the faults say. */
export async function suffer(state: GeminiState, model: string): Promise<void> {
  const { faults } = state;
  if (faults.models !== undefined && !faults.models.includes(model)) return;
  if (faults.delayMs > 0) await delay(faults.delayMs);
  if (faults.status === undefined || faults.count <= 0) return;
  faults.count -= 1;
  if (faults.status === 429) {
    throw new GoogleError(
      "RESOURCE_EXHAUSTED",
      "Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
    );
  }
  throw new GoogleError(
    "UNAVAILABLE",
    "The model is overloaded. Please try again later.",
  );
}

/**
 * Lets other processes set the faults: `PUT /emulator/gemini/faults` with some
 * of GeminiFaults as JSON (the rest goes back to normal), GET, and DELETE, with an access token.
 */
export function faultRoutes(state: GeminiState): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/emulator/gemini/faults", (c) => c.json(state.faults));
  routes.put("/emulator/gemini/faults", async (c) => {
    const sent = await c.req.json<Record<string, unknown>>();
    const known = noFaults();
    for (const name of Object.keys(sent)) {
      if (!Object.hasOwn(known, name)) throw invalid(`No fault "${name}".`);
    }
    state.faults = { ...known, ...sent };
    return c.json(state.faults);
  });
  routes.delete("/emulator/gemini/faults", (c) => {
    state.faults = noFaults();
    return c.json(state.faults);
  });
  return routes;
}
