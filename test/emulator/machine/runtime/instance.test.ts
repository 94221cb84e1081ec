import { statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { InstanceSpec } from "../../../../emulator/machine/runtime/instance.ts";
import {
  httpProbe,
  startTestRuntime,
  type TestRuntime,
} from "../../../support/runtime.ts";

let test: TestRuntime;

beforeAll(async () => {
  test = await startTestRuntime({ graceMs: 500 });
});

afterAll(() => test.runtime.close());

const start = (changes: Partial<InstanceSpec> = {}) =>
  test.runtime.startInstance(test.spec(changes));

const ask = async (url: string, target: string): Promise<string> =>
  (await fetch(url + target)).text();

const textsOf = (stream: string) =>
  test.entries.filter((e) => e.stream === stream).map((e) => e.text);

it("an image of which only the tag's form is known is said to be so, once", () => {
  const image = "docker.io/litellm/litellm:v1.80.8-stable.1";
  test.runtime.resolveImage(image, "demo-runtime");
  test.runtime.resolveImage(image, "demo-runtime");
  const told = test.lines.filter((line) => line.includes(image));
  expect(told).toEqual([
    `${image}: existence not checked, its tag has one of LiteLLM's forms.`,
  ]);
});

describe("a container's process", () => {
  it("has the service's environment and nothing of the emulator's", async () => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "/home/developer/key.json");
    const instance = await start({ env: { GREETING: "grüezi" } });
    const environment = JSON.parse(
      await ask(instance.url, "/environment"),
    ) as Record<string, string>;
    await instance.stop();
    vi.unstubAllEnvs();
    expect(environment.GREETING).toBe("grüezi");
    expect(environment.PORT).toBe(new URL(instance.url).port);
    expect(environment).not.toHaveProperty("GOOGLE_APPLICATION_CREDENTIALS");
    expect(environment.HOME).not.toBe(process.env.HOME);
    expect(Object.keys(environment).sort()).toEqual([
      "GCE_METADATA_HOST",
      "GCE_METADATA_IP",
      "GEMINI_API_BASE",
      "GREETING",
      "HOME",
      "K_REVISION",
      "LANG",
      // Of this test's program, which Node runs.
      "NODE_COMPILE_CACHE",
      "PATH",
      "PORT",
      "TMPDIR",
      "VERTEXAI_API_BASE",
    ]);
  });

  it("finds its secret files where its arguments and variables say, readable by nobody else, and gone with it", async () => {
    const instance = await start({
      args: ["--config", "/secrets/config.yaml", "--other=/secrets-too"],
      env: { CONFIG: "/secrets/config.yaml" },
      files: [
        { path: "/secrets/config.yaml", read: () => Buffer.from("model: ß\n") },
      ],
    });
    const [, config = "", other] = JSON.parse(
      await ask(instance.url, "/arguments"),
    ) as string[];
    expect(other).toBe("--other=/secrets-too");
    expect(await ask(instance.url, `/file?path=${config}`)).toBe("model: ß\n");
    const { CONFIG } = JSON.parse(
      await ask(instance.url, "/environment"),
    ) as Record<string, string>;
    expect(CONFIG).toBe(config);
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(config)).mode & 0o777).toBe(0o700);
    await instance.stop();
    expect(() => statSync(config)).toThrow("ENOENT");
  });

  it("finds in a secret's file what the secret holds at that time, and no file where it cannot be read", async () => {
    let content: string | undefined = "first";
    const instance = await start({
      args: ["--keys=/keys/list.json"],
      files: [
        {
          path: "/keys/list.json",
          read: () => {
            if (content === undefined) throw new Error("denied");
            return Buffer.from(content);
          },
        },
      ],
    });
    const [argument = ""] = JSON.parse(
      await ask(instance.url, "/arguments"),
    ) as string[];
    const file = argument.replace("--keys=", "");
    const holds = (text: string) =>
      vi.waitFor(async () => {
        expect(await ask(instance.url, `/file?path=${file}`)).toBe(text);
      }, 10_000);
    await holds("first");
    content = "second";
    await holds("second");
    content = undefined;
    await vi.waitFor(async () => {
      const exists = await ask(instance.url, `/exists?path=${file}`);
      expect(exists).toBe("false");
    }, 10_000);
    content = "third";
    await vi.waitFor(() => {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }, 10_000);
    await holds("third");
  });

  it("is what Google's hello container does, too", async () => {
    const instance = await start({
      image: "us-docker.pkg.dev/cloudrun/container/hello",
      env: { K_SERVICE: "greeter" },
    });
    expect(await ask(instance.url, "/")).toContain("Service greeter");
    await instance.stop();
  });

  it("is heard: both of its streams, and the probe that found it up", async () => {
    test.entries.length = 0;
    const instance = await start({ startupProbe: httpProbe("/health") });
    await instance.stop();
    expect(textsOf("stdout")).toEqual([
      "starting with nothing special",
      "SIGTERM",
    ]);
    expect(textsOf("stderr")).toEqual(["a line of stderr"]);
    expect(textsOf("system")).toEqual([
      'STARTUP HTTP probe succeeded after 1 attempt for container "hello-1" on port 8080 path "/health".',
    ]);
  });
});

describe("a container that does not come up", () => {
  it("because it exits is described as Google does", async () => {
    test.entries.length = 0;
    await expect(start({ env: { START: "exit" } })).rejects.toThrow(
      expect.objectContaining({
        reason: "HealthCheckContainerError",
        message: expect.stringMatching(
          /^The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout\. This can happen when .+\n\nLogs URL: https:\/\/console\.cloud\.google\.com\/logs\/viewer\?project=demo-runtime&.+\nFor more troubleshooting guidance, see https:/,
        ) as string,
      }) as Error,
    );
    expect(textsOf("system")).toEqual(["Container called exit(7)."]);
  });

  it("because its startup probe fails is described as Google does, and is killed", async () => {
    test.entries.length = 0;
    const startupProbe = httpProbe("/health", { failureThreshold: 2 });
    await expect(
      start({ env: { START: "deaf" }, startupProbe }),
    ).rejects.toThrow(
      "The user-provided container failed the configured startup probe checks. Logs for this revision",
    );
    expect(textsOf("system")).toEqual([
      'STARTUP HTTP probe failed 2 times consecutively for container "hello-1" on port 8080 path "/health". The instance was not started.',
    ]);
  });

  it("because it needs too much memory is told so", async () => {
    await expect(
      start({ env: { START: "eat" }, memoryBytes: 256 * 2 ** 20 }),
    ).rejects.toThrow(
      /^Memory limit of 256 MiB exceeded with \d+ MiB used\. Consider increasing the memory limit, see https:\/\/cloud\.google\.com\/run\/docs\/configuring\/memory-limits$/,
    );
  });

  it("because it listens on another port than the service says is not waited for elsewhere", async () => {
    const config = Buffer.from("model_list: []");
    await expect(
      start({
        image: "docker.io/litellm/litellm:v1.108.14",
        args: ["--config", "/secrets/config.yaml", "--port", "4000"],
        env: { LITELLM_MASTER_KEY: "sk-test-key-of-this-test" },
        files: [{ path: "/secrets/config.yaml", read: () => config }],
        startupProbe: httpProbe("/health/readiness"),
      }),
    ).rejects.toThrow("failed the configured startup probe checks");
  });
});

describe("a container that is up", () => {
  it("is killed when it exceeds its memory", async () => {
    test.entries.length = 0;
    const instance = await start({ memoryBytes: 256 * 2 ** 20 });
    await ask(instance.url, "/eat?mebibytes=50");
    expect(instance.exitReason).toBeUndefined();
    await ask(instance.url, "/eat?mebibytes=300").catch(() => undefined);
    const { cause, message } = await instance.exited;
    expect(cause).toBe("memory");
    expect(textsOf("system").at(-1)).toBe(message);
    expect(message).toMatch(/^Memory limit of 256 MiB exceeded with \d{3} MiB/);
  });

  it("is killed when its liveness probe fails", async () => {
    const livenessProbe = httpProbe("/health", { failureThreshold: 2 });
    const instance = await start({ livenessProbe });
    await ask(instance.url, "/sicken");
    expect(await instance.exited).toEqual({
      cause: "liveness",
      message:
        'LIVENESS HTTP probe failed 2 times consecutively for container "hello-1" on port 8080 path "/health". The instance has been shut down.',
    });
  });

  it("lets its requests finish before it is told to stop", async () => {
    test.entries.length = 0;
    const instance = await start();
    const release = instance.slots.take();
    const stopped = instance.stop();
    await ask(instance.url, "/");
    expect(textsOf("stdout")).not.toContain("SIGTERM");
    release?.();
    await stopped;
    expect(textsOf("stdout")).toContain("SIGTERM");
    expect(await instance.exited).toMatchObject({ cause: "stopped" });
  });

  it("is killed when it does not stop within the grace period", async () => {
    const instance = await start({ env: { START: "stubborn" } });
    const before = performance.now();
    await instance.stop();
    expect(performance.now() - before).toBeGreaterThanOrEqual(490);
    await expect(fetch(instance.url)).rejects.toThrow("fetch failed");
  });
});
