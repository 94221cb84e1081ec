import { expect, test } from "vitest";
import { ApiError } from "../../../scripts/lib/google/api-error.ts";
import type { ClientModel } from "../../../scripts/lib/litellm-config/client-models.ts";
import {
  type Asked,
  judgeModels,
  listPlaced,
} from "../../../scripts/lib/doctor/models.ts";
import { settingsWith } from "../../support/states.ts";

const model = (
  name: string,
  location?: string,
  kind: ClientModel["kind"] = "chat",
): ClientModel => ({
  name,
  kind,
  deployments: [{ model: name, ...(location !== undefined && { location }) }],
});

test("Gemini's chat models are asked for, each once at its location", () => {
  const models = [
    model("vertex_ai/gemini-3.8-flash"),
    model("vertex_ai/gemini-3.8-flash"),
    model("vertex_ai/gemini-3.8-flash", "europe-west1"),
    model("vertex_ai/gemini-3.8-flash", "eu"),
    model("vertex_ai/gemini-embedding-2", undefined, "embedding"),
    model("vertex_ai/claude-5"),
  ];
  expect(listPlaced(settingsWith(), models)).toEqual([
    { model: "vertex_ai/gemini-3.8-flash", location: "global" },
    { model: "vertex_ai/gemini-3.8-flash", location: "europe-west1" },
  ]);
  expect(listPlaced(settingsWith({ MODE: "apikey" }), models)).toEqual([]);
});

const asked = (there: Asked["there"], location = "global"): Asked => ({
  model: "vertex_ai/gemini-3.8-flash",
  location,
  there,
});

test.each<[string, Asked["there"], string, string]>([
  ["there", { value: true }, "ok", "1 of 1"],
  ["absent", { value: false }, "problem", "is not in global"],
  [
    "not to be asked",
    { reason: new ApiError(403, "", "") },
    "ok",
    "the service's may",
  ],
  ["not answering", { reason: new ApiError(500, "oh", "") }, "warning", "oh"],
])("a model that is %s", (_, there, state, detail) => {
  const [finding] = judgeModels(settingsWith(), [asked(there)], true);
  expect(finding?.state).toBe(state);
  expect(finding?.detail).toContain(detail);
});

test.each([
  ["europe-west1", "MODEL_REGION=eu"],
  ["us-central1", "MODEL_REGION=us"],
  ["asia-northeast1", "MODEL_REGION=global"],
  ["global", "whether it is retired"],
])("a model that is not in %s: %s is advised", (location, advice) => {
  const absent = asked({ value: false }, location);
  const [finding] = judgeModels(settingsWith(), [absent], true);
  expect(finding?.mend).toContain(advice);
  // Nobody in Europe is sent out of the EU.
  if (location.startsWith("europe-")) {
    expect(finding?.mend).not.toContain("global");
  }
});
