import type { Policy } from "./policy.ts";

/** What one API keeps in a cloud or a project. */
export interface Slot<State> {
  make(): State;
  /** The IAM policies of the resources in it. */
  policies?(state: State): Policy[];
}

/** What each API keeps, without that whoever holds it knows the APIs. */
export class States {
  readonly #kept = new Map<Slot<unknown>, unknown>();

  /** What the slot's own API keeps here; new at the first call. */
  of<State>(slot: Slot<State>): State {
    if (!this.#kept.has(slot)) this.#kept.set(slot, slot.make());
    return this.#kept.get(slot) as State;
  }

  policies(): Policy[] {
    return [...this.#kept].flatMap(
      ([slot, state]) => slot.policies?.(state) ?? [],
    );
  }
}
