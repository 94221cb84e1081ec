import { expect, test } from "vitest";
import { format } from "../../../scripts/lib/cli/timings.ts";

test("what goes on at once counts once a kind, and the rest is own work", () => {
  const text = format(
    [
      { kind: "reads", from: 2000, to: 3000 },
      { kind: "reads", from: 2500, to: 3500 },
      { kind: "gcloud", from: 1000, to: 2200 },
      { kind: "waits", from: 4000, to: 4500 },
    ],
    500,
    6000,
  );
  expect(text).toMatchInlineSnapshot(`
    "6.00 s in all; what goes on at once counts for each:
      start          0.50 s  Node and this project's code
      gcloud         1.20 s  1 process
      reads          1.50 s  2 calls to Google's APIs
      verification   0.00 s  0 checks
      waits          0.50 s  1 pause before another try
      own work       2.50 s"
  `);
});
