// Who is here: the authorization-code flow with PKCE, at the issuer that config.json names (on AWS, Cognito's page).

import { ask, relative, speakFor } from "./talk.js";

const KEPT = "staybook.session";
const ASKED = "staybook.sign-in";
const SCOPE = "openid email profile";

let present = null;
let heard = () => {};

/** Reads what this tab remembers; `changed(reason)` is called when somebody goes without having asked to. */
export function resume(changed) {
  heard = changed;
  speakFor(() => who()?.token ?? null, lose);
  present = fromToken(sessionStorage.getItem(KEPT));
}

/** The person signed in, {token, subject, name, isHost, isAdmin}, or null. */
export function who() {
  if (present && present.until <= Date.now()) lose();
  return present;
}

export async function signIn(language) {
  const config = await whereToSignIn();
  const asked = { state: random(), verifier: random(), back: location.hash, address: here() };
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: asked.address,
    scope: SCOPE,
    state: asked.state,
    code_challenge: await challengeOf(asked.verifier),
    code_challenge_method: "S256",
    lang: language,
  });
  location.assign(`${config.authorizeUrl}?${query}`);
}

/** Whether the page was opened by the sign-in page, and if so the end of it. Throws when it went wrong. */
export async function finishSignIn() {
  const told = new URLSearchParams(location.search);
  if (!told.has("state")) return false;
  const asked = JSON.parse(sessionStorage.getItem(ASKED) ?? "null");
  sessionStorage.removeItem(ASKED);
  history.replaceState(null, "", location.pathname + (asked?.back ?? ""));
  if (!asked || asked.state !== told.get("state") || !told.has("code")) throw new Error("sign-in failed");
  const token = await exchange(told.get("code"), asked);
  sessionStorage.setItem(KEPT, token);
  present = fromToken(token);
  return true;
}

/** Forgets the person here, then ends the session at the issuer, which leads back. */
export async function signOut() {
  forget();
  const config = await whereToSignIn();
  location.assign(`${config.logoutUrl}?${new URLSearchParams({ client_id: config.clientId, logout_uri: here() })}`);
}

async function exchange(code, asked) {
  const config = await whereToSignIn();
  const answer = await fetch(config.tokenUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: config.clientId,
      code,
      redirect_uri: asked.address,
      code_verifier: asked.verifier,
    }),
    signal: AbortSignal.timeout(15_000),
  });
  if (!answer.ok) throw new Error(`the issuer answered ${answer.status}`);
  return (await answer.json()).id_token;
}

async function whereToSignIn() {
  return (await ask("GET", relative("/config.json"))).body;
}

function lose() {
  if (present === null) return;
  forget();
  heard();
}

function forget() {
  present = null;
  sessionStorage.removeItem(KEPT);
}

/** What the token says is for showing only: the gateway is who verifies it. */
function fromToken(token) {
  if (!token) return null;
  const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
  const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.codePointAt(0))));
  const groups = claims["cognito:groups"] ?? [];
  return {
    token,
    subject: claims.sub,
    name: claims.name ?? claims["cognito:username"],
    until: claims.exp * 1000,
    isHost: groups.includes("host"),
    isAdmin: groups.includes("admin"),
  };
}

function here() {
  return location.origin + location.pathname;
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes) {
  return btoa(String.fromCodePoint(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
