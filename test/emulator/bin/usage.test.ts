import { expect, test } from "vitest";
import {
  EMULATOR,
  REHEARSE,
  START,
  formatHelp,
} from "../../../emulator/bin/usage.ts";

test.each([80, 60, 40])(
  "no --help of a rehearsal is wider than a terminal of %i columns, and each names its options",
  (width) => {
    for (const usage of [START, REHEARSE, EMULATOR]) {
      const help = formatHelp(usage, width);
      expect(help.split("\n").filter((l) => l.length > width)).toEqual([]);
      for (const name of Object.keys(usage.options)) {
        expect(help).toContain(`--${name}`);
      }
    }
  },
);
