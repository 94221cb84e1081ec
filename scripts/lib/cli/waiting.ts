import { hasStatusLine, say, showStatus } from "./terminal.ts";

/** Something that takes a while. */
export interface Wait {
  /** `Bring up litellm-proxy-abc at 0 %`; a function, where that changes on the way. */
  what: string | (() => string);
  /** Seconds that it may take; undefined where nobody knows. */
  upTo?: number | undefined;
}

interface Running extends Wait {
  began: number;
}

const FRAMES = "⠋ ⠙ ⠹ ⠸ ⠼ ⠴ ⠦ ⠧ ⠇ ⠏".split(" ");
const FRAME_MS = 120;

/** Milliseconds without a word, where there is no line to renew: a build's log. */
const FIRST_WORD_MS = 20_000;
const NEXT_WORD_MS = 60_000;

const running = new Set<Running>();
let spinner: NodeJS.Timeout | undefined;

/** Does the work, and says meanwhile what for and for how long: in one line below all others on a terminal, in a line now and then elsewhere. */
export async function whileWaiting<T>(
  wait: Wait,
  work: () => Promise<T>,
): Promise<T> {
  const own: Running = { ...wait, began: performance.now() };
  running.add(own);
  const words = hasStatusLine() ? startSpinner() : speakNowAndThen(own);
  try {
    return await work();
  } finally {
    running.delete(own);
    words.stop();
  }
}

/** `Verify litellm-proxy-abc … 23 s, up to 240 s` */
export function describeWait({ what, upTo }: Wait, seconds: number): string {
  const limit = upTo === undefined ? "" : `, up to ${String(upTo)} s`;
  const words = typeof what === "string" ? what : what();
  return `${words} … ${String(Math.floor(seconds))} s${limit}`;
}

function startSpinner(): { stop: () => void } {
  let turn = 0;
  spinner ??= setInterval(() => {
    turn += 1;
    const [first, ...others] = [...running].map(tell);
    if (first === undefined) return;
    const more =
      others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
    showStatus(`${FRAMES[turn % FRAMES.length] ?? ""} ${first}${more}`);
  }, FRAME_MS).unref();
  return {
    stop: () => {
      if (running.size > 0) return;
      clearInterval(spinner);
      spinner = undefined;
      showStatus("");
    },
  };
}

function speakNowAndThen(wait: Running): { stop: () => void } {
  let timer = setTimeout(speak, FIRST_WORD_MS).unref();
  function speak(): void {
    say(`  ${tell(wait)}`);
    timer = setTimeout(speak, NEXT_WORD_MS).unref();
  }
  return {
    stop: () => {
      clearTimeout(timer);
    },
  };
}

function tell(wait: Running): string {
  return describeWait(wait, (performance.now() - wait.began) / 1000);
}
