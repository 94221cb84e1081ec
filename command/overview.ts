import { wrapBeside, wrapWords } from "../scripts/lib/cli/wrap.ts";
import { GROUPS } from "./commands.ts";

const USAGE =
  "Usage: ./litellm-cloudrun COMMAND [env] [options]   (COMMAND --help; --version)";

const WIDEST_TITLE = Math.max(
  ...Object.keys(GROUPS).map((title) => title.length),
);

/** All commands, in 24 lines of 80 columns; on a narrower terminal each group below its title. */
export function formatOverview(width: number): string {
  if (width < 80) return formatNarrow(width);
  return [
    USAGE,
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

function formatNarrow(width: number): string {
  const groups = Object.entries(GROUPS).flatMap(([title, commands]) => [
    title,
    ...Object.entries(commands).flatMap(([name, { does }]) =>
      wrapBeside(`  ${name.padEnd(11)}  `, does, width),
    ),
  ]);
  const usage = wrapWords(USAGE, width);
  return [...usage, ...groups].join("\n");
}
