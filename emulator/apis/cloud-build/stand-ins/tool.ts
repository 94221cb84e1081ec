import type { Cloud, Member } from "../../../core/cloud.ts";
import type { LocalImages } from "../local-images.ts";

/** What a stand-in works with. */
export interface ToolContext {
  cloud: Cloud;
  /** The build's account. */
  member: Member;
  local: LocalImages;
  /** Keeps a copy of a directory for as long as the emulator runs; resolves to it. */
  keep: (directory: string) => Promise<string>;
}

/** A call of a tool that the emulator stands in for. */
export interface ToolCall {
  args: string[];
  /** On this machine. */
  directory: string;
  stdin: string;
}

export interface ToolResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export type Tool = (
  context: ToolContext,
  call: ToolCall,
) => ToolResult | Promise<ToolResult>;

/** Something that the tool itself would say; ends the call. */
export class ToolError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A call that did what it was to do; `note` says that it only stands in. */
export function done(note: string, stdout = ""): ToolResult {
  return { exitCode: 0, stdout, stderr: `The emulator stands in: ${note}\n` };
}

/** Something that the stand-in leaves out. */
export function notCovered(what: string): ToolError {
  return new ToolError(`The emulated Cloud Build does not cover ${what}.`);
}
