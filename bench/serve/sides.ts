import type { Sides } from "./figure.ts";
import type { Gateway, Lab } from "./lab.ts";
import { bashFlow, ours, vary } from "./setup.ts";

/** Opened with the first figure that asks for them. */
export function openSides(lab: Lab): {
  open: () => Promise<Sides>;
  close: () => Promise<void>;
} {
  const opened: Gateway[] = [];
  let sides: Promise<Sides> | undefined;
  async function openAll(): Promise<Sides> {
    const own = ours();
    const setups = {
      bash: bashFlow(),
      ours: own,
      open: vary(own, "ours without a limit", { concurrency: 0 }),
    };
    const open = async (name: keyof typeof setups): Promise<Gateway> => {
      const gateway = await lab.open(setups[name], { instances: 1 });
      opened.push(gateway);
      await gateway.ready();
      return gateway;
    };
    return {
      bash: await open("bash"),
      ours: await open("ours"),
      open: await open("open"),
    };
  }
  return {
    open: () => (sides ??= openAll()),
    close: async () => {
      await Promise.all(opened.map((gateway) => gateway.close()));
    },
  };
}
