// Talking to the API: patiently where asking again is safe, and never without an end.

const ATTEMPT_MILLISECONDS = 15_000;
const PATIENCE_MILLISECONDS = 60_000;

let bearer = () => null;
let refused = () => {};

/** `token()` gives the bearer token or null; `whenRefused()` is called when the gateway does not take it. */
export function speakFor(token, whenRefused) {
  bearer = token;
  refused = whenRefused;
}

/** What the API refused, or that it could not be asked (status 0). */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.title ?? `status ${status}`);
    this.status = status;
    this.body = body ?? {};
    this.kind = status === 0 ? "unreachable" : (this.body.type ?? "").split("/").at(-1);
  }
}

/**
 * Asks, and asks again while the answer is "later" (503, or a key in flight) or lost on the way: reads a few times,
 * writes for a minute, always under the same key, so that nothing happens twice.
 * Gives {status, body, tag}; throws Problem.
 */
export async function ask(method, address, options = {}) {
  const reads = method === "GET";
  const end = Date.now() + (options.patience ?? (reads ? 8_000 : PATIENCE_MILLISECONDS));
  const key = reads ? null : (options.key ?? newKey());
  for (let attempt = 0; ; attempt += 1) {
    const { answer, wait } = await askOnce(method, address, { ...options, key });
    if (answer && wait === null) return answer;
    if (Date.now() + wait > end) throw answer ? new Problem(answer.status, answer.body) : new Problem(0);
    options.whenWaiting?.(attempt);
    await pause(wait);
  }
}

/** One request. `wait`: null when the answer stands, else the milliseconds after which to ask again. */
async function askOnce(method, address, { body, key, match, known }) {
  let response, told;
  try {
    response = await fetch(relative(address), {
      method,
      headers: headersOf({ body, key, match, known }),
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(ATTEMPT_MILLISECONDS),
    });
    told = await bodyOf(response);
  } catch (error) {
    console.info("asked in vain", address, error);
    return { answer: null, wait: 1_000 };
  }
  const answer = { status: response.status, body: told, tag: response.headers.get("ETag") };
  if (response.ok || response.status === 304) return { answer, wait: null };
  const later = response.headers.get("Retry-After");
  if (response.status === 503 || (response.status === 409 && later)) return { answer, wait: 1_000 * Number(later ?? 1) };
  if (response.status === 401) refused();
  throw new Problem(response.status, told);
}

function headersOf({ body, key, match, known }) {
  const headers = {};
  const token = bearer();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  if (match) headers["If-Match"] = match;
  if (known) headers["If-None-Match"] = known;
  return headers;
}

async function bodyOf(response) {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // somebody between us and the API answered in another language: its status says enough
  }
}

/** Links are paths of the API; the page may live below a stage's prefix, so they become relative to the page. */
export function relative(address) {
  return address.replace(/^\//, "");
}

/** Every item of a collection, page after page, at most ten of them. */
export async function askAll(address, first) {
  const items = [];
  let page = first ?? (await ask("GET", address)).body;
  for (let number = 0; number < 10; number += 1) {
    items.push(...Object.values(page._embedded)[0]);
    const next = page._links.next?.href;
    if (!next) break;
    page = (await ask("GET", next)).body;
  }
  return items;
}

export function newKey() {
  return crypto.randomUUID();
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
