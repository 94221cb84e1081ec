import { expect, it } from "vitest";
import {
  decodeVersion,
  encodeVersion,
  newRevisionName,
  nextVersion,
} from "../../../../emulator/apis/run/identifiers.ts";

it("writes a resource version as Google does", () => {
  expect(encodeVersion(1786872649348081)).toBe("AAZZJrWF8/E");
  expect(decodeVersion("AAZZJrWF8/E")).toBe(1786872649348081);
});

it("takes a resource version that is none for one that never was", () => {
  expect(decodeVersion("nonsense")).toBe(0);
});

it("never gives a version twice", () => {
  const first = nextVersion();
  expect(nextVersion(first)).toBeGreaterThan(first);
});

it("names revisions after the service and its generation", () => {
  expect(newRevisionName("litellm-proxy", 7)).toMatch(
    /^litellm-proxy-00007-[a-z2-9]{3}$/,
  );
});
