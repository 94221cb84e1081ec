import { GoogleError } from "../../core/google-error.ts";

type Fields = Record<string, unknown>;

/** `kept` with the fields of the mask as they are in `sent`; without a mask, with whatever is sent (discovery document: "updateMask"). */
export function applyMask<Kept extends object>(
  mask: string | undefined,
  kept: Kept,
  sent: object,
): Kept {
  const paths =
    mask === undefined || mask === "" ? Object.keys(sent) : mask.split(",");
  const result = structuredClone(kept);
  for (const path of paths) {
    setPath(result as Fields, sent as Fields, path.split(".").map(toCamelCase));
  }
  return result;
}

/** What is not sent is cleared. */
function setPath(
  target: Fields,
  source: Fields,
  [first, ...rest]: readonly string[],
): void {
  if (first === undefined || first === "name") {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "Request contains an invalid argument.",
    );
  }
  if (rest.length === 0) {
    if (source[first] === undefined) Reflect.deleteProperty(target, first);
    else target[first] = source[first];
    return;
  }
  const inner = { ...(target[first] as Fields | undefined) };
  setPath(inner, (source[first] ?? {}) as Fields, rest);
  target[first] = inner;
}

function toCamelCase(name: string): string {
  return name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
