import { hideSecrets } from "../../scripts/lib/cli/hide-secrets.ts";

/** Projects that an issue need not know. */
export type Projects = readonly {
  projectId: string;
  projectNumber: string;
}[];

/** A text that can be pasted into an issue: no key, no project, no person, no address of a service. */
export function mask(text: string, projects: Projects): string {
  const named = projects.reduce(
    (shown, { projectId, projectNumber }) =>
      shown
        .replaceAll(projectNumber, "NUMBER")
        .replaceAll(projectId, "PROJECT"),
    text,
  );
  return hideSecrets(
    named
      .replaceAll(/https:\/\/[\w.-]+\.run\.app/g, "https://SERVICE")
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "https://SERVICE")
      .replaceAll(
        /[\w.+-]+@(?![\w.-]*gserviceaccount\.com)[\w.-]+/g,
        "ACCOUNT",
      ),
  );
}
