const MEMORY_UNITS: Record<string, number> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** CPUs of a Kubernetes quantity (`1`, `0.5`, `1000m`); undefined where it is none. */
export function parseCpu(quantity: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(m?)$/.exec(quantity);
  if (match === null) return undefined;
  return Number(match[1]) / (match[2] === "m" ? 1000 : 1);
}

/** Bytes of a Kubernetes quantity (`512Mi`, `1G`); undefined where it is none. */
export function parseMemory(quantity: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kMG]|[KMG]i)?$/.exec(quantity);
  const unit = MEMORY_UNITS[match?.[2] ?? ""];
  if (match === null || unit === undefined) return undefined;
  return Number(match[1]) * unit;
}
