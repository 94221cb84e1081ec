import type { UserError } from "../cli/errors.ts";

/** What was looked at, and how it is. */
export interface Finding {
  /** `billing`, `permissions`. */
  check: string;
  state: "ok" | "warning" | "problem";
  detail: string;
  /** Commands and sentences, one a line. */
  mend?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, state: "ok", detail };
}

export function warning(
  check: string,
  detail: string,
  ...mend: string[]
): Finding {
  return toFinding("warning", check, detail, mend);
}

export function problem(
  check: string,
  detail: string,
  ...mend: string[]
): Finding {
  return toFinding("problem", check, detail, mend);
}

/** What could not be read says nothing about what is there. */
export function unlooked(check: string, reason: UserError): Finding {
  const mend = reason.hint === undefined ? [] : [reason.hint];
  const detail = `could not be looked at: ${reason.message}`;
  return toFinding("warning", check, detail, mend);
}

function toFinding(
  state: Finding["state"],
  check: string,
  detail: string,
  mend: string[],
): Finding {
  return {
    check,
    state,
    detail,
    ...(mend.length > 0 && { mend: mend.join("\n") }),
  };
}
