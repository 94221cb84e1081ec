import { expect, test } from "vitest";
import { COMMANDS } from "../../command/commands.ts";
import { formatOverview } from "../../command/overview.ts";

test.each([60, 40])(
  "the overview fits %i columns, and says all that it says on 80",
  (width) => {
    const overview = formatOverview(width);
    for (const line of overview.split("\n")) {
      expect(line.length).toBeLessThanOrEqual(width);
    }
    const words = overview.split(/\s+/);
    for (const [name, { does }] of Object.entries(COMMANDS)) {
      expect(words.join(" ")).toContain(`${name} ${does}`);
    }
  },
);
