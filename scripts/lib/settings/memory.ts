/** Of `512Mi`, `2Gi`; NaN of anything else. */
export function toMebibytes(memory: string): number {
  const [, amount = "", unit] = /^([\d.]+)(Mi|Gi)$/.exec(memory) ?? [];
  if (unit === undefined) return NaN;
  return Number(amount) * (unit === "Gi" ? 1024 : 1);
}
