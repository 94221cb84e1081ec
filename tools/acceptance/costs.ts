/** What Google bills of a run, in its own units. Prices change, so none stand here: docs/operating.md has their pages. */
export function describeCosts(pipeline: boolean): string[] {
  return [
    'What Google bills of it (docs/operating.md, "Costs", has the price pages):',
    "  Cloud Run: some six revisions, each up for as long as it is verified and a quarter of an hour after;",
    "  the model: six verifications, each with the calls of `verify` (22 short ones with the shipped config, more where some are repeated);",
    "  Secret Manager: five versions or so, until they are destroyed; Cloud Logging: the log lines of it.",
    ...(pipeline
      ? [
          "  Cloud Build: three builds on E2_HIGHCPU_8 and one that copies the image, the renders, deploys and verifications of Cloud Deploy;",
          "  Artifact Registry and Cloud Storage: the tools image, LiteLLM's image and the sources, until they are removed;",
          "  Cloud Run and the model: three envs, a verification a phase.",
        ]
      : []),
    "What it makes it removes at the end; logs stay as long as the project keeps them.",
  ];
}
