import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Observation } from "./question.ts";

/** What became of a step. */
export interface Record {
  step: string;
  title: string;
  seconds: number;
  /** Why it did not go as it must, masked; undefined where it did. */
  failure?: string;
}

interface Pages {
  records: Record[];
  observations: Observation[];
}

/** What was done and seen so far, in a file: a run that was killed is gone on with. */
export interface Notebook extends Readonly<Pages> {
  /** Nothing was begun. */
  isEmpty: () => boolean;
  isDone: (step: string) => boolean;
  /** It was tried. */
  isBegun: (step: string) => boolean;
  note: (record: Record, observations?: readonly Observation[]) => void;
  /** Everything is removed: there is nothing to go on with. */
  close: () => void;
}

export function openNotebook(directory: string): Notebook {
  const file = path.join(directory, "notebook.json");
  const pages = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as Pages)
    : { records: [], observations: [] };
  return {
    ...pages,
    isEmpty: () => pages.records.length === 0,
    isDone: (step) =>
      pages.records.some((r) => r.step === step && r.failure === undefined),
    isBegun: (step) => pages.records.some((r) => r.step === step),
    note: (record, observations = []) => {
      pages.records.push(record);
      pages.observations.push(...observations);
      mkdirSync(directory, { recursive: true });
      writeFileSync(file, JSON.stringify(pages, undefined, 2));
    },
    close: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
