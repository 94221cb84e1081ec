import { GROUPS } from "./commands.ts";

/** All commands, in 24 lines of 80 columns. */
export function formatOverview(): string {
  return [
    "Usage: ./litellm-cloudrun COMMAND [env] [options]   (COMMAND --help; --version)",
    ...Object.entries(GROUPS).flatMap(([title, commands]) => [
      `${title}:`,
      ...Object.entries(commands).map(
        ([name, { does }]) => `  ${name.padEnd(10)} ${does}`,
      ),
    ]),
  ].join("\n");
}
