import { expect, test } from "vitest";
import { scriptCommand } from "../../../scripts/lib/cli/script-command.ts";

test("a script's command is what an operator types", () => {
  expect(scriptCommand("deploy", "dev", "--yes")).toBe(
    "npx tsx scripts/deploy.ts dev --yes",
  );
});

test("a script's command leaves out what is not there", () => {
  expect(scriptCommand("verify", "dev", undefined, "")).toBe(
    "npx tsx scripts/verify.ts dev",
  );
});
