/** Of every random choice in `npm test`, so that a failure can be seen again; SEED in the shell takes another. */
export const SEED = Number(process.env.SEED ?? 20261127);

console.info(`random choices are made from SEED=${String(SEED)}`);
