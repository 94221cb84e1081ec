import type { Ajv, AnySchema, ValidateFunction } from "ajv";

/** Compiled where a body is first checked: few runs of the emulator see all of its APIs. */
export function shapeCheck<T>(
  ajv: Ajv,
  schema: AnySchema,
): () => ValidateFunction<T> {
  let compiled: ValidateFunction<T> | undefined;
  return () => (compiled ??= ajv.compile<T>(schema));
}
