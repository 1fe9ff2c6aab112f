// Keeping what is on the screen true: every address that is looked at is asked about again and again, by its ETag.

import { ask, Problem } from "./talk.js";

const REFRESH_MILLISECONDS = 800;
const SLOWEST_MILLISECONDS = 10_000;

const followers = new Set();

/**
 * Calls `told(body)` now and whenever it has changed, `failed(problem)` when it cannot be had. Gives a function that
 * ends it. Nothing is asked while the page is hidden.
 */
export function follow(address, told, failed = () => {}) {
  const follower = { address, told, failed, tag: null, timer: null, ended: false, delay: REFRESH_MILLISECONDS };
  followers.add(follower);
  look(follower);
  return () => {
    follower.ended = true;
    clearTimeout(follower.timer);
    followers.delete(follower);
  };
}

/** Looks at everything at once: somebody here has just changed something. */
export function lookNow() {
  for (const follower of followers) {
    clearTimeout(follower.timer);
    follower.timer = setTimeout(() => look(follower), 150);
  }
}

async function look(follower) {
  if (!document.hidden) await lookOnce(follower);
  if (follower.ended) return;
  clearTimeout(follower.timer);
  follower.timer = setTimeout(() => look(follower), follower.delay);
}

async function lookOnce(follower) {
  try {
    const answer = await ask("GET", follower.address, { known: follower.tag, patience: 0 });
    if (follower.ended) return;
    follower.delay = REFRESH_MILLISECONDS;
    if (answer.status === 304) return;
    follower.tag = answer.tag;
    await follower.told(answer.body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (follower.ended) return;
    // What is not there may be on its way into the view; a refusal will stand for a while.
    const lasting = error.status >= 400 && error.status < 500 && error.status !== 404;
    follower.delay = Math.min(SLOWEST_MILLISECONDS, lasting ? SLOWEST_MILLISECONDS : follower.delay * 1.5);
    follower.tag = null; // once it answers again it tells everything, not only that nothing changed
    follower.failed(error);
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) lookNow();
});
