import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it, test, vi } from "vitest";

/** Where the emulator puts its own temporary files, so that a test sees what is left. */
const scratch = mkdtempSync(join(tmpdir(), "emulator-main-test-"));
const children: ChildProcess[] = [];
afterAll(() => {
  // Those of a failed test still run.
  for (const child of children) child.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});

function start(...args: string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ["--import", "./launch.js", "emulator/bin/main.ts", ...args],
    {
      env: { ...process.env, TMPDIR: scratch },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  children.push(child);
  return child;
}

async function finish(child: ChildProcess) {
  const [stdout, stderr, [exitCode]] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { stdout, stderr, exitCode };
}

/** The only reader of a stream: a second one would miss what came before. */
function linesOf(stream: Readable | null): AsyncIterator<string> {
  return createInterface(stream ?? Readable.from([]))[Symbol.asyncIterator]();
}

const leftBehind = () =>
  readdirSync(scratch).filter((name) => name.startsWith("litellm-cloudrun-"));

describe("exec", () => {
  it("runs gcloud inside the emulator and passes its output and exit code on", async () => {
    const { stdout, stderr, exitCode } = await finish(
      start(
        "--project=my-rehearsal",
        "exec",
        "--",
        "sh",
        "-c",
        "gcloud projects describe my-rehearsal --format='value(projectId)'; exit 7",
      ),
    );
    expect(stdout, stderr).toBe("my-rehearsal\n");
    expect(exitCode).toBe(7);
    expect(leftBehind()).toEqual([]);
  });

  it("shows each request where it is asked to", async () => {
    const script =
      'curl -s -o /dev/null --noproxy "*" "http://127.0.0.1:$CLOUDSDK_PROXY_PORT/"';
    const { stderr } = await finish(
      start("--log", "exec", "--", "sh", "-c", script),
    );
    expect(stderr).toMatch(/^GET 127\.0\.0\.1:\d+\/ 200 \d+ms -$/m);
  });

  it("passes a signal on to the command, which decides", async () => {
    const script =
      "trap 'echo stopping; exit 3' TERM; echo ready; while :; do sleep 0.1; done";
    const child = start("exec", "--", "sh", "-c", script);
    const closed = once(child, "close");
    const lines = linesOf(child.stdout);
    expect((await lines.next()).value).toBe("ready");
    child.kill("SIGTERM");
    expect((await lines.next()).value).toBe("stopping");
    expect((await closed)[0]).toBe(3);
    expect(leftBehind()).toEqual([]);
  });

  it("says on a terminal where one is, and at each prompt", async () => {
    const command = [
      ...[process.execPath, "--import", "./launch.js", "emulator/bin/main.ts"],
      ...["exec", "--", "bash", "--norc", "-i"],
    ];
    const answers = [["(rehearsal) ", "exit 4\r"]];
    const child = spawn("python3", ["test/support/on-terminal.py"], {
      env: { ...process.env, TMPDIR: scratch, PROMPT_COMMAND: "true;" },
    });
    children.push(child);
    child.stdin.end(JSON.stringify({ command, answers }));
    const { stdout, exitCode } = await finish(child);
    expect(stdout).toContain("Nothing reaches Google.");
    expect(exitCode).toBe(4);
  });

  it("ends as a shell does for a command that a signal ended or that is not there", async () => {
    const [killed, missing] = await Promise.all([
      finish(start("exec", "--", "sh", "-c", "kill -KILL $$")),
      finish(start("exec", "--", "no-such-command")),
    ]);
    expect(killed.exitCode).toBe(137);
    expect(missing.exitCode).toBe(127);
    expect(missing.stderr).toContain("no-such-command");
  });
});

describe("the emulator on its own", () => {
  it("prints an environment that gcloud can use, and stays until it is interrupted", async () => {
    const child = start("--project=my-rehearsal");
    const closed = once(child, "close");
    const lines: string[] = [];
    if (child.stdout) {
      createInterface(child.stdout).on("line", (line) => lines.push(line));
    }
    // Said once all of it is written; the two streams may arrive in any order.
    await linesOf(child.stderr).next();
    await vi.waitFor(() => {
      expect(lines.at(-1)).toContain("_OVERRIDES_STORAGE=");
    });
    const exports = lines.join("\n");
    expect(lines.every((l) => /^export [A-Z_]+='[^']*'$/.test(l))).toBe(true);
    const gcloud = spawn(
      "sh",
      ["-c", `${exports}\ngcloud config get project 2>/dev/null`],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    expect(await text(gcloud.stdout)).toBe("my-rehearsal\n");
    expect(leftBehind()).toHaveLength(1);
    child.kill("SIGINT");
    expect((await closed)[0]).toBe(0);
    expect(leftBehind()).toEqual([]);
  });

  it("says so when the port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const { stderr, exitCode } = await finish(start(`--port=${port}`));
    server.close();
    expect(stderr).toContain(`port ${port} is in use`);
    expect(exitCode).toBe(1);
    expect(leftBehind()).toEqual([]);
  });
});

test("wrong usage is exit code 2 and says what was expected", async () => {
  const { stderr, exitCode } = await finish(start("run"));
  expect(exitCode).toBe(2);
  expect(stderr).toContain("unknown command run: expected exec");
});
