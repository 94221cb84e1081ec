import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that run whole scripts, the longest first: none is left alone at the end. */
const LONGEST = ["/e2e/release.", "/emulator/bin/start.", "/e2e/"];

export class LongestFirst extends BaseSequencer {
  override async sort(
    files: TestSpecification[],
  ): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = LONGEST.findIndex((part) => moduleId.includes(part));
  return index < 0 ? LONGEST.length : index;
}
