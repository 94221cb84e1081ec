import type { Instance, InstancePool, Scale, Taken } from "./instance.ts";

export interface PoolOptions {
  /** `cold`: since requests wait for it, and not for a deploy or a minimum. */
  start: (cold: boolean) => Promise<Instance>;
  /** Asked whenever it matters: a service's limits may change under it. */
  scale: () => Scale;
  /** Milliseconds without a request after which an instance above the minimum is stopped. */
  idleMs: number;
}

interface Waiting {
  give(taken: Taken | undefined): void;
  fail(error: unknown): void;
}

/**
 * One instance more as soon as requests wait for room and the maximum allows it;
 * one less where one has been idle and the minimum allows it.
 */
export function openPool({ start, scale, idleMs }: PoolOptions): InstancePool {
  const up = new Set<Instance>();
  const starting = new Set<Promise<Instance>>();
  const resting = new Map<Instance, NodeJS.Timeout>();
  let waiting: Waiting[] = [];
  let stopped = false;

  const size = () => up.size + starting.size;

  function launch(cold: boolean): void {
    const launched = start(cold);
    starting.add(launched);
    launched.then(
      (instance) => {
        starting.delete(launched);
        add(instance);
      },
      (error: unknown) => {
        starting.delete(launched);
        if (size() > 0) return;
        for (const one of waiting.splice(0)) one.fail(error);
      },
    );
  }

  function add(instance: Instance): void {
    if (stopped) {
      void instance.stop();
      return;
    }
    up.add(instance);
    void instance.exited.then(() => {
      remove(instance);
      serve();
    });
    rest(instance);
    serve();
  }

  function remove(instance: Instance): void {
    up.delete(instance);
    wake(instance);
  }

  /** To whom there is room for, in the order in which they came. */
  function serve(): void {
    while (waiting.length > 0) {
      const taken = takeNow();
      if (taken === undefined) break;
      waiting.shift()?.give(taken);
    }
    scaleOut();
  }

  /** The instance with the fewest requests gets the next one. */
  function takeNow(): Taken | undefined {
    const instances = [...up].sort(
      (a, b) => a.slots.inFlight - b.slots.inFlight,
    );
    for (const instance of instances) {
      const giveBack = instance.slots.take();
      if (giveBack === undefined) continue;
      wake(instance);
      const release = () => {
        giveBack();
        if (up.has(instance)) rest(instance);
        serve();
      };
      return { instance, release };
    }
    return undefined;
  }

  /** As many as those who wait need; those that are starting count. */
  function scaleOut(): void {
    if (stopped || waiting.length === 0) return;
    const { max, concurrency } = scale();
    const room = concurrency === 0 ? Infinity : concurrency;
    const needed = Math.max(1, Math.ceil(waiting.length / room));
    while (starting.size < needed && size() < max) launch(true);
  }

  function rest(instance: Instance): void {
    if (instance.slots.inFlight > 0) return;
    wake(instance);
    const timer = setTimeout(() => {
      if (up.size <= scale().min) {
        rest(instance);
        return;
      }
      remove(instance);
      void instance.stop();
    }, idleMs);
    resting.set(instance, timer.unref());
  }

  function wake(instance: Instance): void {
    clearTimeout(resting.get(instance));
    resting.delete(instance);
  }

  return {
    get size() {
      return size();
    },
    async ensure() {
      const { min, max } = scale();
      while (size() < Math.max(1, Math.min(min, max))) launch(false);
      await Promise.all(starting);
    },
    async take(signal) {
      const taken = stopped || signal.aborted ? undefined : takeNow();
      if (taken !== undefined || stopped || signal.aborted) return taken;
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting = waiting.filter((one) => one !== place);
          resolve(undefined);
        };
        const place: Waiting = {
          give: (given) => {
            signal.removeEventListener("abort", leave);
            resolve(given);
          },
          fail: reject,
        };
        signal.addEventListener("abort", leave, { once: true });
        waiting.push(place);
        scaleOut();
      });
    },
    async stop() {
      stopped = true;
      for (const one of waiting.splice(0)) one.give(undefined);
      const instances = [...up];
      for (const instance of instances) remove(instance);
      await Promise.all(instances.map((instance) => instance.stop()));
      await Promise.allSettled(starting);
    },
  };
}
