import { expect, test } from "vitest";
import {
  formatOutcome,
  readNpmAudit,
  readPipAudit,
} from "../../../tools/security/outcome.ts";

const said = (stdout: unknown, exitCode = 0, stderr = "") => ({
  stdout: typeof stdout === "string" ? stdout : JSON.stringify(stdout),
  stderr,
  exitCode,
});

test("npm's report is clean, or names what has holes", () => {
  const metadata = { dependencies: { total: 300 } };
  expect(readNpmAudit(said({ metadata, vulnerabilities: {} }))).toEqual({
    kind: "clean",
    packages: 300,
  });
  const hono = { name: "hono", severity: "high", range: "<4.9.7" };
  const vulnerabilities = { hono };
  expect(readNpmAudit(said({ metadata, vulnerabilities }, 1))).toEqual({
    kind: "vulnerable",
    lines: ["hono <4.9.7: high"],
  });
});

test("a registry without advisories is told, and is no hole", () => {
  const refused = { message: "405 Method Not Allowed", error: { summary: "" } };
  const outcome = readNpmAudit(said(refused, 1));
  expect(outcome).toEqual({ kind: "unasked", why: "405 Method Not Allowed" });
  expect(formatOutcome("package-lock.json", outcome)).toBe(
    "package-lock.json: NOT CHECKED, the advisory database could not be asked: 405 Method Not Allowed",
  );
  expect(readNpmAudit(said("", 1, "npm error\nnpm error offline\n"))).toEqual({
    kind: "unasked",
    why: "npm error offline",
  });
});

test("pip-audit's report is clean, or names what has holes and where they are mended", () => {
  const fine = { name: "httpx", version: "1.0", vulns: [] };
  expect(readPipAudit(said({ dependencies: [fine] }))).toEqual({
    kind: "clean",
    packages: 1,
  });
  const vulns = [
    { id: "GHSA-1", fix_versions: ["2.1"] },
    { id: "GHSA-2", fix_versions: [] },
  ];
  const bad = { name: "jinja2", version: "2.0", vulns };
  expect(readPipAudit(said({ dependencies: [fine, bad] }, 1))).toEqual({
    kind: "vulnerable",
    lines: ["jinja2 2.0: GHSA-1 (2.1)", "jinja2 2.0: GHSA-2 (no fix yet)"],
  });
});

test("a network that does not lead there is told; a wrong call is a bug", () => {
  const lost = "Traceback:\nConnectionError: api.osv.dev";
  expect(readPipAudit(said("", 1, lost))).toEqual({
    kind: "unasked",
    why: "ConnectionError: api.osv.dev",
  });
  expect(() => readPipAudit(said("", 2, "unrecognized arguments"))).toThrow(
    "unrecognized arguments",
  );
});
