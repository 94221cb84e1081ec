/** A script as the operator types it: `npx tsx scripts/deploy.ts dev --yes`. */
export function scriptCommand(
  name: string,
  ...args: readonly (string | undefined)[]
): string {
  const words = args.filter((arg) => arg !== undefined && arg !== "");
  return ["npx", "tsx", `scripts/${name}.ts`, ...words].join(" ");
}
