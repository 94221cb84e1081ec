/** Where a rehearsal is told, and what ends it. */
export interface Telling {
  say: (line: string) => void;
  /** Shows the table in place of the one before. */
  show: (table: string) => void;
  signal: AbortSignal;
  /** When the first release serves everywhere. */
  afterFirst: () => void;
}
