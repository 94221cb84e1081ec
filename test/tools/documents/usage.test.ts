import { expect, test } from "vitest";
import { formatUsage } from "../../../tools/documents/usage.ts";

test("a command's page says what --help says, without the terminal's line breaks", () => {
  const text = formatUsage({
    command: "cook.ts [dish]",
    summary: "Cooks a dish\nfor a table.\n\nOnce more: <it> is warm.",
    positionals: 1,
    options: {
      heat: {
        type: "string",
        values: ["low", "high"],
        help: "How hot.\n          Default: low.",
      },
      salt: { type: "string", help: "How much." },
      yes: { type: "boolean", short: "y", help: "Do not ask." },
    },
  });
  expect(text).toMatchInlineSnapshot(`
    "\`\`\`sh
    npx tsx scripts/cook.ts [dish] [options]
    \`\`\`

    Cooks a dish for a table.

    Once more: &lt;it> is warm.

    | option | what it does |
    | --- | --- |
    | \`--heat=low\\|high\` | How hot. Default: low. |
    | \`--salt=VALUE\` | How much. |
    | \`-y\`, \`--yes\` | Do not ask. |
    | \`--timings\` | Say at the end where the time went. |
    | \`-h\`, \`--help\` | Print this help. |"
  `);
});
