import { expect, test } from "vitest";
import type { ConfigContent } from "../../../../scripts/lib/litellm-config/config-content.ts";
import { toChanges } from "../../../../scripts/lib/service/changes/changes.ts";
import {
  formatDetails,
  formatSummary,
} from "../../../../scripts/lib/service/changes/report.ts";
import { planDeploy } from "../../../../scripts/lib/service/deploy/plan-deploy.ts";
import { deployedState, inputWith } from "../../../support/states.ts";

/** Each file with the letter that stands for its content. */
function configOf(files: Readonly<Record<string, string>>): ConfigContent {
  const others = Object.entries(files).map(
    ([name, letter]) =>
      [name, { file: `team/${name}`, sha256: letter.repeat(64) }] as const,
  );
  return {
    file: "team/config.yaml",
    sha256: "a".repeat(64),
    others: Object.fromEntries(others),
  };
}

test("what changes beside the config is told file by file, line by line", () => {
  const state = deployedState(
    inputWith({
      config: configOf({ "a.py": "b", "old.py": "c", "same.py": "d" }),
    }),
  );
  const input = inputWith({
    config: configOf({ "a.py": "e", "new.py": "f", "same.py": "d" }),
  });
  const planned = planDeploy(input, state);
  const changes = toChanges(input.settings, state, planned, {
    serving: { "a.py": "one\ntwo\n", "old.py": undefined },
    wanted: { "a.py": "one\n2\n", "new.py": "new\n", "same.py": "same\n" },
  });
  expect(changes.config).toBeNull();
  expect(changes.files.map(({ name, from, to }) => [name, from, to])).toEqual([
    ["a.py", "sha-bbbbbbbbbbbb", "sha-eeeeeeeeeeee"],
    ["new.py", null, "sha-ffffffffffff"],
    ["old.py", "sha-cccccccccccc", null],
  ]);
  expect(formatSummary(changes, 80)).toContain(
    "\n  files: a.py, new.py (new), old.py (gone)",
  );
  const details = formatDetails(
    { ...changes, fields: [], steps: [] },
    process.stdout,
    80,
  );
  expect(details).toMatchInlineSnapshot(`
    "a.py
        one
      - two
      + 2
        

    new.py (new)
      + new
        

    old.py (gone)
      the one that serves cannot be read"
  `);
});

test("a list of the manifest is told by what comes and what goes", () => {
  const state = deployedState(
    inputWith({ config: configOf({ "a.py": "b", "same.py": "d" }) }),
  );
  const input = inputWith({
    config: configOf({ "a.py": "e", "new.py": "f", "same.py": "d" }),
  });
  const planned = planDeploy(input, state);
  const changes = toChanges(input.settings, state, planned);
  expect(formatSummary(changes, 160)).toMatchInlineSnapshot(`
    "dev: 1 field to change, 6 steps
      volumes[0].secret.items: {"key":"sha-bbbbbbbbbbbb","path":"a.py"} → {"key":"sha-eeeeeeeeeeee","path":"a.py"}, {"key":"sha-ffffffffffff","path":"new.py"}
      files: a.py, new.py (new)"
  `);
  const details = formatDetails(
    { ...changes, files: [], steps: [] },
    process.stdout,
    80,
  );
  expect(details).toMatchInlineSnapshot(`
    "Fields
      revision.spec.volumes[0].secret.items
      - {"key":"sha-bbbbbbbbbbbb","path":"a.py"}
      + {"key":"sha-eeeeeeeeeeee","path":"a.py"}
      + {"key":"sha-ffffffffffff","path":"new.py"}"
  `);
});

test("an item of a list is the same in whatever order its keys come", () => {
  const state = deployedState(inputWith({}));
  const input = inputWith({});
  const changes = toChanges(input.settings, state, planDeploy(input, state));
  const key = (secretKeyRef: object) => ({
    name: "K",
    valueFrom: { secretKeyRef },
  });
  const field = {
    path: "revision.spec.containers[0].env",
    from: [key({ key: "1", name: "k" })],
    to: [key({ name: "k", key: "1" }), { name: "ADDED", value: "x" }],
    byHand: false,
  };
  const details = formatDetails(
    { ...changes, fields: [field], files: [], steps: [] },
    process.stdout,
    80,
  );
  expect(details).toMatchInlineSnapshot(`
    "Fields
      revision.spec.containers[0].env
      + {"name":"ADDED","value":"x"}"
  `);
});
