import { asList, asMapping, section } from "../config-view.ts";
import type { Path } from "../finding.ts";
import type { Rule } from "../rule.ts";

const KEYS = ["vertex_project", "vertex_ai_project"];

/** The service account has its role in the env's own project only. */
export const checkOtherProject: Rule = ({ value, deployments }, context) => {
  const { projectId } = context;
  if (projectId === undefined) return [];
  const places: [Record<string, unknown>, Path][] = [
    [section(value, "litellm_settings"), ["litellm_settings"]],
    ...asList(value.credential_list).map(
      (entry, index): [Record<string, unknown>, Path] => [
        section(asMapping(entry), "credential_values"),
        ["credential_list", index, "credential_values"],
      ],
    ),
    ...deployments.map(({ params, path }): [Record<string, unknown>, Path] => [
      params,
      [...path, "litellm_params"],
    ]),
  ];
  const named = places.flatMap(([mapping, path]) =>
    KEYS.flatMap((key) => {
      const project = mapping[key];
      const isOther =
        typeof project === "string" &&
        project !== "" &&
        project !== projectId &&
        !project.startsWith("os.environ/");
      return isOther ? [{ project, path: [...path, key] }] : [];
    }),
  );
  // One line a project, however many deployments name it.
  return [...new Set(named.map(({ project }) => project))].flatMap(
    (project) => {
      const [first, ...others] = named.filter((n) => n.project === project);
      if (first === undefined) return [];
      const also =
        others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
      return [
        {
          severity: "warning",
          path: first.path,
          message: `${first.path.at(-1) as string}${also} is ${project}, and PROJECT_ID is ${projectId}: a deploy gives the service no role in another project`,
          hint: "Write os.environ/PROJECT_ID, or give the service's account roles/aiplatform.user there.",
        },
      ];
    },
  );
};
