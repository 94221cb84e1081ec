import { expect, test } from "vitest";
import { fillBlocks } from "../../../tools/documents/blocks.ts";

const PAGE = `# Page

By hand.

<!-- generated: one; npm run docs -->
old
<!-- end of one -->

By hand, too.
`;

test("a block is replaced, and what stands around it stays", () => {
  expect(fillBlocks("page.md", PAGE, new Map([["one", "new $1"]]))).toBe(
    `# Page

By hand.

<!-- generated: one; npm run docs -->

new $1

<!-- end of one -->

By hand, too.
`,
  );
});

test("what the page has no place for is named, with the lines to add", () => {
  const blocks = new Map([
    ["one", "1"],
    ["two", "2"],
  ]);
  expect(() => fillBlocks("page.md", PAGE, blocks)).toThrow(
    "page.md has no place for two. Add:\n<!-- generated: two; npm run docs -->",
  );
});

test("a block that nothing fills is refused", () => {
  expect(() => fillBlocks("page.md", PAGE, new Map())).toThrow(
    'page.md: nothing is generated for "one"',
  );
});
