import { expect, test } from "vitest";
import { readOptions } from "../../../emulator/bin/main-options.ts";

test.each([
  [["--prot=1"], "--prot"],
  [["--port=http"], "--port=http: expected a number"],
  [["--project=X"], "--project=X: expected 6 to 30"],
  [["run"], "unknown command run: expected exec"],
  [["exec"], "exec needs a command"],
])("%j says what was expected", (args, message) => {
  expect(readOptions(args)).toEqual({
    error: expect.stringContaining(message) as string,
  });
});

test("what stands behind exec is the command, with its own options", () => {
  const args = ["--project=my-rehearsal", "exec", "--", "sh", "--help"];
  expect(readOptions(args)).toMatchObject({
    help: false,
    projectId: "my-rehearsal",
    command: ["sh", "--help"],
  });
});

test.each(["--help", "-h"])("%s asks for help", (option) => {
  expect(readOptions([option])).toMatchObject({ help: true });
});
