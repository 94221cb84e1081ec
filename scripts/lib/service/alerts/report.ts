/** What a set-up of one env's alerts, or its removal, ends with; `--json` prints it. */
export interface AlertsOutcome {
  env: string;
  /** Titles of the steps that ran. */
  done: string[];
  /** What stays, and why. */
  kept: string[];
  /** What is left out, and why. */
  notes: string[];
}

/** For people. */
export function describeAlerts(
  { done, notes }: AlertsOutcome,
  remove: boolean,
): string {
  const happened =
    done.length === 0 ? "Nothing to do." : remove ? "Removed." : "Set up.";
  return [happened, ...notes].join("\n");
}
