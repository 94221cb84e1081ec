import { expect, test } from "vitest";
import type { Property } from "../../../scripts/lib/settings/schema.ts";
import { formatSettings } from "../../../tools/documents/settings.ts";

test("a row says name, default, what is allowed, and what the setting decides", () => {
  const properties: Record<string, Property> = {
    NEEDED: { description: "Must be given.", "x-expected": "a name" },
    OPTIONAL: { description: "May be given." },
    EMPTY: { description: "Nothing\nat first.", default: "" },
    CHOICE: { description: "One of <two>.", enum: ["a", "b"], default: "a" },
    COUNT: {
      description: "How many.",
      $ref: "#/definitions/count",
      "x-minimum": 0,
      "x-maximum": 10,
      default: "4",
    },
  };
  const table = formatSettings(properties, ["NEEDED"]);
  expect(table).toMatchInlineSnapshot(`
    "| setting | default | values | what it decides |
    | --- | --- | --- | --- |
    | \`NEEDED\` | none (required) | a name | Must be given. |
    | \`OPTIONAL\` | none | text | May be given. |
    | \`EMPTY\` | empty | text | Nothing at first. |
    | \`CHOICE\` | \`a\` | \`a\`, \`b\` | One of &lt;two>. |
    | \`COUNT\` | \`4\` | a whole number, from 0 to 10 | How many. |"
  `);
});

test("a member that the page does not know is left aside", () => {
  const setting = { description: "Something.", "x-new": { param: "it" } };
  const table = formatSettings({ IT: setting });
  expect(table).toContain("| `IT` | none | text | Something. |");
});
