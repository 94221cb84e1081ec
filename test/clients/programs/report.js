import process from "node:process";

/**
 * Does what is named in the arguments, or all, one after the other, and prints what came of each by its name:
 * its value, or the type, status and words of its error.
 */
export async function report(calls) {
  const names = process.argv.slice(2);
  const outcomes = {};
  for (const [name, call] of Object.entries(calls)) {
    if (names.length > 0 && !names.includes(name)) continue;
    try {
      outcomes[name] = (await call()) ?? null;
    } catch (error) {
      const status = error.status ?? error.statusCode ?? "";
      outcomes[name] = `${error.constructor.name} ${status}: ${error.message}`;
    }
  }
  process.stdout.write(JSON.stringify(outcomes));
}

/** The texts of a stream, together. */
export async function join(chunks, textOf) {
  let whole = "";
  for await (const chunk of chunks) whole += textOf(chunk) ?? "";
  return whole;
}
