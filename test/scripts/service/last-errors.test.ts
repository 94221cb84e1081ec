import { describe, expect, test } from "vitest";
import { UserError } from "../../../scripts/lib/cli/errors.ts";
import { GcloudError } from "../../../scripts/lib/google/gcloud.ts";
import { withLastErrors } from "../../../scripts/lib/service/last-errors.ts";
import { settingsWith } from "../../support/states.ts";

const REVISION = "litellm-proxy-try1";

/** What is told of a revision that does not start, and wrote this, the last first. */
async function tell(
  entries: object[] | undefined,
  why = "Revision 'litellm-proxy-try1' is not ready and cannot serve traffic.",
): Promise<{ message: string; hint: string | undefined }> {
  const asked: string[] = [];
  const failed = await withLastErrors(
    {
      gcloud: ({ args }) => {
        asked.push(args.join(" "));
        return entries === undefined
          ? Promise.reject(new UserError("no permission"))
          : Promise.resolve(JSON.stringify(entries));
      },
    },
    settingsWith({}),
    REVISION,
    () => Promise.reject(new UserError(why, { hint: "as it was" })),
  ).catch((error: unknown) => error);
  if (!(failed instanceof UserError)) throw failed;
  expect(asked.length).toBe(failed.hint === "as it was" ? 0 : 1);
  return { message: failed.message, hint: failed.hint };
}

describe("a revision that does not start is told with what it wrote last:", () => {
  test("an error of Python, without the lines around it", async () => {
    const { message, hint } = await tell([
      { textPayload: "Container called exit(3)." },
      {
        textPayload:
          "Traceback (most recent call last):\n  File \"x.py\", line 1\nModuleNotFoundError: No module named 'acme.hooks'",
      },
      { jsonPayload: { message: "starting" } },
    ]);
    expect(message.split("\n").slice(1)).toEqual([
      "The last that litellm-proxy-try1 wrote:",
      "  ModuleNotFoundError: No module named 'acme.hooks'",
    ]);
    expect(hint).toMatch(
      /^The image has no Python module acme\.hooks: .*envs\/dev\.env/,
    );
    expect(hint).toContain("resource.labels.revision_name=litellm-proxy-try1");
  });

  test("an error of a file beside the config, with its line", async () => {
    const traceback = `Traceback (most recent call last):
  File "/app/litellm/proxy/types_utils/utils.py", line 56, in get_instance_fn
  File "/secrets/guardrail.py", line 16, in <module>
    import acme
ModuleNotFoundError: No module named 'acme'

The above exception was the direct cause of the following exception:

  File "/app/litellm/proxy/types_utils/utils.py", line 68, in get_instance_fn
ImportError: Could not import Words from guardrail`;
    const lines = traceback.split("\n").toReversed();
    const { message } = await tell(
      lines.map((textPayload) => ({ textPayload })),
    );
    expect(message.split("\n").slice(2)).toEqual([
      "  ModuleNotFoundError: No module named 'acme' (guardrail.py:16)",
      "  ImportError: Could not import Words from guardrail",
    ]);
  });

  test("too little memory", async () => {
    const words = "Memory limit of 512 MiB exceeded with 530 MiB used.";
    const { message, hint } = await tell([{ textPayload: words }]);
    expect(message).toContain(`\n  ${words}`);
    expect(hint).toContain("raise MEMORY in envs/dev.env, and deploy again");
  });

  test("a variable that own Python reads and nobody gives", async () => {
    const { message, hint } = await tell([
      { textPayload: "KeyError: 'TEAM_WORDS'" },
      { textPayload: '  File "/secrets/rules.py", line 2, in <module>' },
    ]);
    expect(message).toContain("\n  KeyError: 'TEAM_WORDS' (rules.py:2)");
    expect(hint).toContain(
      "Name it in PLAIN_VARIABLES in envs/dev.env and write TEAM_WORDS=… there",
    );
  });

  test("a port that nothing listens on, without LiteLLM's drawing", async () => {
    const words =
      'STARTUP HTTP probe failed 120 times consecutively for container "litellm-1" on port 4000 path "/health/readiness". The instance was not started.';
    const { message, hint } = await tell([
      { textPayload: words },
      { textPayload: "  ╚══════╝╚═╝   ╚═╝" },
    ]);
    expect(message.split("\n").slice(2)).toEqual([`  ${words}`]);
    expect(hint).toMatch(
      /^It ran, and nothing answered on port 4000\. In config\/service\.yaml --port, containerPort and the probes/,
    );
  });

  test("whatever came last, where none of it is an error", async () => {
    const entries = ["4", "3", "2", "1"].map((textPayload) => ({
      textPayload,
    }));
    const { message, hint } = await tell(entries);
    expect(message.split("\n").slice(2)).toEqual(["  2", "  3", "  4"]);
    expect(hint).toMatch(/^The whole log: gcloud logging read /);
  });

  test("no key that it wrote", async () => {
    const key = `sk-${"0123456789abcdef".repeat(4)}`;
    const textPayload = `ValueError: bad key ${key}`;
    const { message } = await tell([{ textPayload }]);
    expect(message).toContain("ValueError: bad key …");
    expect(message).not.toContain(key);
  });

  test("and as it is where the log cannot be read", async () => {
    const { message, hint } = await tell(undefined);
    expect(message).not.toContain("The last that");
    expect(hint).toContain("gcloud logging read");
  });
});

test("what fails otherwise is told as it is", async () => {
  const refused = "Permission 'run.services.update' denied";
  expect(await tell([], refused)).toEqual({
    message: refused,
    hint: "as it was",
  });
});

test("what Google has not seen everywhere yet stays as it is, so that it is waited for", async () => {
  const failure = new GcloudError(
    { args: ["run", "services", "replace", "-"] },
    1,
    "ERROR: (gcloud.run.services.replace) Revision 'litellm-proxy-try1' is not ready and cannot serve traffic. Permission denied on secret: projects/1/secrets/litellm-config/versions/1 for Revision service account a@p.iam.gserviceaccount.com.",
  );
  const told = withLastErrors(
    { gcloud: () => Promise.resolve("[]") },
    settingsWith({}),
    REVISION,
    () => Promise.reject(failure),
  );
  await expect(told).rejects.toBe(failure);
});
