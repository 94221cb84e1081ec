const BLOCK =
  /(<!-- generated: (\S+); npm run docs -->)[^]*?(<!-- end of \2 -->)/g;

/**
 * A page with the text of each of its generated blocks replaced. Throws when the page has a
 * block that nothing fills, or lacks one: then a command or the settings would stand nowhere.
 */
export function fillBlocks(
  file: string,
  page: string,
  blocks: ReadonlyMap<string, string>,
): string {
  const seen: string[] = [];
  const filled = page.replaceAll(
    BLOCK,
    (_, begin: string, name: string, end: string) => {
      const text = blocks.get(name);
      if (text === undefined) {
        throw new Error(`${file}: nothing is generated for "${name}"`);
      }
      seen.push(name);
      return `${begin}\n\n${text}\n\n${end}`;
    },
  );
  for (const name of blocks.keys()) {
    if (!seen.includes(name)) {
      throw new Error(
        `${file} has no place for ${name}. Add:\n<!-- generated: ${name}; npm run docs -->\n<!-- end of ${name} -->`,
      );
    }
  }
  return filled;
}
