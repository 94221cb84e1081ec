import { expect, test } from "vitest";
import { formatHelp } from "../../../scripts/lib/cli/run-script.ts";
import { USAGES } from "../../../command/usages.ts";

test.each([80, 60, 40])(
  "no --help is wider than a terminal of %i columns, save a word that is",
  (width) => {
    const wide = USAGES.flatMap((usage) => formatHelp(usage, width).split("\n"))
      .filter((line) => line.length > width)
      .filter((line) => line.trim().includes(" "));
    expect(wide).toEqual([]);
  },
);
