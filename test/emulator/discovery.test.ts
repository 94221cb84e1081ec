import { beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../emulator/core/exchange.ts";
import { type Discovery, loadDiscovery } from "../support/discovery.ts";

let discovery: Discovery;
beforeAll(async () => {
  discovery = await loadDiscovery();
}, 300_000);

const VERSION = {
  name: "projects/1/secrets/s/versions/1",
  createTime: "2026-01-02T03:04:05.678Z",
  state: "ENABLED",
  replicationStatus: { automatic: {} },
  etag: '"1"',
};

function problemsOf(answer: object, change: Partial<Exchange> = {}): string[] {
  const exchange: Exchange = {
    api: "secretmanager.googleapis.com",
    method: "GET",
    host: "secretmanager.googleapis.com",
    path: "/v1/projects/p/secrets/s/versions/1",
    caller: undefined,
    status: 200,
    requestBody: "",
    responseBody: JSON.stringify(answer),
    milliseconds: 0,
    ...change,
  };
  const start = `${exchange.method} ${exchange.host}${exchange.path} ${exchange.status}: `;
  return discovery.check(exchange).map((p) => p.replace(start, ""));
}

describe("the check against Google's discovery documents", () => {
  it("finds nothing in an answer that is as they say", () => {
    expect(problemsOf(VERSION)).toEqual([]);
  });

  it.each([
    [{ ...VERSION, colour: "red" }, "response.colour: unknown member"],
    [{ ...VERSION, etag: 7 }, "response.etag: expected string, found 7"],
    [
      { ...VERSION, state: "LOST" },
      "response.state: LOST is none of STATE_UNSPECIFIED, ENABLED, DISABLED, DESTROYED",
    ],
    [
      { ...VERSION, createTime: "yesterday" },
      "response.createTime: yesterday is no google-datetime",
    ],
    [
      { ...VERSION, replicationStatus: { userManaged: { replicas: {} } } },
      "response.replicationStatus.userManaged.replicas: expected array, found {}",
    ],
  ])("finds what is wrong in %j", (answer, problem) => {
    expect(problemsOf(answer)).toEqual([problem]);
  });

  it("finds a required member that is missing", () => {
    const secret = { name: "x", replication: { userManaged: {} } };
    const path = "/v1/projects/p/secrets/s";
    expect(problemsOf(secret, { path })).toEqual([
      "response.replication.userManaged.replicas: required member is missing",
    ]);
  });

  it("looks into the answer of a long-running operation", () => {
    const type = "type.googleapis.com/google.api.serviceusage.v1";
    const operation = {
      name: "operations/1",
      done: true,
      response: { "@type": `${type}.EnableServiceResponse`, servces: {} },
    };
    expect(
      problemsOf(operation, {
        api: "serviceusage.googleapis.com",
        method: "POST",
        path: "/v1/projects/p/services/run.googleapis.com:enable",
      }),
    ).toEqual(["response.response.servces: unknown member"]);
  });

  it("finds a method or a query parameter that Google does not have", () => {
    expect(problemsOf({}, { path: "/v1/projects/p/secrts" })).toEqual([
      "Google has no such method",
    ]);
    const path = "/v1/projects/p/secrets/s/versions/1?verbose=1&alt=json";
    expect(problemsOf(VERSION, { path })).toEqual([
      "query parameter verbose is unknown to secretmanager.projects.secrets.versions.get",
    ]);
  });

  it("finds an error that is not in Google's form", () => {
    expect(
      problemsOf({ error: { code: 400, message: "no" } }, { status: 404 }),
    ).toEqual(["error.code is 400", "error.status is undefined"]);
  });
});
