import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { GoogleError } from "../../../../emulator/core/google-error.ts";
import { ensureLitellm } from "../../../../emulator/machine/litellm/environment.ts";
import { SERVICE } from "../../../../emulator/apis/run/service-shape.ts";

interface Schema {
  $ref?: string;
  type?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
}

/** One message for each field of the schema, which has that field alone. */
function* samples(schemas: Record<string, Schema>, schema: Schema): Generator {
  const { $ref, type, items, properties } = schema;
  if ($ref !== undefined) yield* samples(schemas, schemas[$ref] ?? {});
  else if (properties !== undefined) {
    for (const [name, property] of Object.entries(properties)) {
      for (const sample of samples(schemas, property)) {
        yield { [name]: sample };
      }
    }
  } else if (items !== undefined) {
    for (const sample of samples(schemas, items)) yield [sample];
  } else {
    const byType = {
      string: "1",
      integer: 1,
      boolean: true,
      object: { a: "1" },
    };
    yield byType[type as keyof typeof byType];
  }
}

it("knows every field of a service that Google knows", async () => {
  const { sitePackages } = await ensureLitellm(() => undefined);
  const file = "googleapiclient/discovery_cache/documents/run.v1.json";
  const { schemas } = JSON.parse(
    readFileSync(join(sitePackages, file), "utf8"),
  ) as { schemas: Record<string, Schema> };
  const all = [...samples(schemas, { $ref: "Service" })];
  expect(all.length).toBeGreaterThan(150);
  const unknown = all.flatMap((sample) => {
    const problems: { path: string; text: string }[] = [];
    try {
      SERVICE.read(sample, "service", problems);
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error;
    }
    return problems.filter(({ text }) => !text.endsWith("must be unset"));
  });
  expect(unknown).toEqual([]);
});
