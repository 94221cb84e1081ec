/**
 * How long something new is seen by its maker's own list only: accounts, grants, enabled APIs and the service agents that
 * come with them. Google names minutes (IAM docs, "Access change propagation"); none here unless a rehearsal asks.
 */
export class Propagation {
  /** Milliseconds; asked each time. */
  delay: () => number = () => 0;

  readonly #made = new Map<unknown, number>();

  /** Remembers that it is new now. Texts and objects may be keys. */
  begin(key: unknown): void {
    this.#made.set(key, Date.now());
  }

  /** Whether everybody sees it; what was there from the start is seen. */
  isOver(key: unknown): boolean {
    const made = this.#made.get(key);
    return made === undefined || Date.now() >= made + this.delay();
  }
}
