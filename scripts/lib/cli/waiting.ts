import { columns, hasStatusLine, say, showStatus } from "./terminal.ts";
import { wrapWords } from "./wrap.ts";

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

/** `Verify litellm-proxy-abc … 23 s, up to 240 s`; of the words as many as `room` characters allow. */
export function describeWait(
  { what, upTo }: Wait,
  seconds: number,
  room = Infinity,
): string {
  const limit = upTo === undefined ? "" : `, up to ${String(upTo)} s`;
  const time = ` … ${String(Math.floor(seconds))} s${limit}`;
  const words = typeof what === "string" ? what : what();
  const [shown = ""] = wrapWords(words, room - time.length);
  return shown + time;
}

function startSpinner(): { stop: () => void } {
  let turn = 0;
  spinner ??= setInterval(() => {
    turn += 1;
    const [first, ...others] = running;
    if (first === undefined) return;
    const frame = `${FRAMES[turn % FRAMES.length] ?? ""} `;
    const more =
      others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
    const room = columns(process.stderr) - 1 - frame.length - more.length;
    showStatus(frame + tell(first, room) + more);
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

function tell(wait: Running, room?: number): string {
  return describeWait(wait, (performance.now() - wait.began) / 1000, room);
}
