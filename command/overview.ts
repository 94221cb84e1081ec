import { GROUPS } from "./commands.ts";

const WIDEST_TITLE = Math.max(
  ...Object.keys(GROUPS).map((title) => title.length),
);

/** All commands, in 24 lines of 80 columns. */
export function formatOverview(): string {
  return [
    "Usage: ./litellm-cloudrun COMMAND [env] [options]   (COMMAND --help; --version)",
    ...Object.entries(GROUPS).flatMap(([title, commands]) =>
      Object.entries(commands).map(([name, { does }], index) =>
        [
          (index === 0 ? title : "").padEnd(WIDEST_TITLE),
          name.padEnd(11),
          does,
        ].join("  "),
      ),
    ),
  ].join("\n");
}
