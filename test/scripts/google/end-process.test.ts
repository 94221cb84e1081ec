import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { endProcess } from "../../../scripts/lib/google/end-process.ts";

test("a process ends with all that it started, and Node has nothing to warn of", async () => {
  const warnings: Error[] = [];
  const collect = (warning: Error) => warnings.push(warning);
  process.on("warning", collect);
  const program = "bash -c 'sleep 600 & echo $!; wait' & wait";
  const child = spawn("bash", ["-c", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const grandchild = Number(line.toString());
  expect(process.kill(grandchild, 0)).toBe(true);
  const closed = once(child, "close");
  await endProcess(child.pid ?? 0);
  await closed;
  expect(() => process.kill(grandchild, 0)).toThrow("ESRCH");
  process.off("warning", collect);
  expect(warnings).toEqual([]);
});
