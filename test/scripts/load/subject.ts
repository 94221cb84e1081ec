import type { Subject } from "../../../scripts/lib/load/measurement.ts";

/** An env that is called. */
export const SUBJECT: Subject = {
  env: "dev",
  project: "my-project",
  region: "us-central1",
  service: "litellm-proxy",
  revision: "litellm-proxy-abc1234",
  model: "gemini-x",
  stream: false,
  rehearsed: false,
};
