import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../emulator/core/root.ts";
import { ensureLitellm } from "../emulator/machine/litellm/environment.ts";

// `npm run pictures`: runs these commands one after the other in a rehearsal, with the real gcloud and the real
// LiteLLM, and draws what each of them showed into docs/pictures/.

interface Picture {
  name: string;
  title: string;
  command: string;
}

const PICTURES: Picture[] = [
  {
    name: "deploy",
    title: "A first deploy",
    command: "./litellm-cloudrun deploy local",
  },
  {
    name: "plan",
    title: "What a change would do",
    command: "MEMORY=2Gi MIN_INSTANCES=1 ./litellm-cloudrun plan local",
  },
  {
    name: "status",
    title: "What serves",
    command: "./litellm-cloudrun status local",
  },
];

const run = promisify(execFile);
const directory = await mkdtemp(path.join(os.tmpdir(), "litellm-pictures-"));
try {
  const { python } = await ensureLitellm((line) => {
    process.stderr.write(`${line}\n`);
  });
  const script = PICTURES.map(
    ({ name, command }) => `${command} > ${directory}/${name} 2>&1`,
  ).join(" && ");
  const inRehearsal = ["emulator/bin/main.ts", "exec", "--", "bash", "-c"];
  await run(
    process.execPath,
    ["--import", "./launch.js", ...inRehearsal, script],
    { cwd: ROOT, env: { ...process.env, FORCE_COLOR: "1" } },
  );
  await mkdir(path.join(ROOT, "docs/pictures"), { recursive: true });
  for (const { name, title, command } of PICTURES) {
    const shown = await readFile(path.join(directory, name), "utf8");
    const drawing = run(python, ["tools/pictures.py", name, title], {
      cwd: ROOT,
    });
    drawing.child.stdin?.end(`$ ${command}\n${shown}`);
    const { stdout } = await drawing;
    await writeFile(path.join(ROOT, `docs/pictures/${name}.svg`), stdout);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
