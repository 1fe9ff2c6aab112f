// The page: who is here, which language, and which screen the address names.

import { h, morphChildren } from "./element.js";
import { openHosting } from "./hosting.js";
import { follow } from "./live.js";
import { openMessages } from "./messages.js";
import { openNewPlace, openPlace } from "./place.js";
import { finishSignIn, resume, signIn, signOut, who } from "./session.js";
import { screen, tell, tellProblem } from "./shell.js";
import { openStay } from "./stay.js";
import { openStays } from "./stays.js";
import { ask } from "./talk.js";
import { openTrips } from "./trips.js";
import { language, say, speak } from "./words.js";

const OTHER = { en: "ko", ko: "en" };

let endScreen = () => {};
let endUnread = () => {};
let unread = 0;
let writtenTo = Promise.resolve(); // one change of language after the other

const SCREENS = [
  [/^\/rooms\/([0-9A-Z]+)$/, (query, roomId) => openStay(roomId, query), () => true],
  [/^\/trips$/, openTrips, who],
  [/^\/messages$/, openMessages, who],
  [/^\/hosting$/, openHosting, mayHost],
  [/^\/hosting\/new$/, openNewPlace, mayHost],
  [/^\/hosting\/([0-9A-Z]+)$/, (_query, roomId) => openPlace(roomId), mayHost],
  [/^\/?$/, (query) => openStays(query), () => true],
];

function mayHost() {
  return who()?.isHost || who()?.isAdmin;
}

/** Opens the screen that the address names. */
function open() {
  endScreen();
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  for (const [pattern, openScreen, allowed] of SCREENS) {
    const found = pattern.exec(path);
    if (!found) continue;
    endScreen = allowed() ? openScreen(new URLSearchParams(query ?? ""), ...found.slice(1)) : closedScreen(path);
    return drawHead();
  }
  endScreen = plainScreen(say("notFound"));
  return drawHead();
}

function closedScreen(path) {
  const words = path.startsWith("/hosting") ? "hostsOnly" : "signInFirst";
  return plainScreen(say(words), h("button", { type: "button", class: "primary", "data-key": "sign-in", onclick: enter }, say("signIn")));
}

function plainScreen(words, ...more) {
  screen(() => words, () => [h("p", { class: "summary", "data-key": "words" }, words), ...more])();
  return () => {};
}

function drawHead() {
  document.documentElement.lang = language();
  const at = location.hash.split("?")[0];
  const link = (address, name, badge = null) =>
    h("a", { href: address, "data-key": address, "aria-current": isAt(at, address) ? "page" : null }, say(name), badge);
  const badge = unread > 0 && h("span", { class: "badge" }, h("span", { "aria-hidden": "true" }, String(unread)), h("span", { class: "unseen" }, say("unread", unread)));
  morphChildren(document.getElementById("head"), [
    h("a", { class: "skip", href: "#screen", onclick: skip }, say("skip")),
    h("a", { class: "wordmark", href: "#/" }, "Staybook"),
    h("nav", { "aria-label": say("menu") }, link("#/", "rooms"), who() && [link("#/trips", "trips"), mayHost() && link("#/hosting", "hosting"), link("#/messages", "messages", badge)]),
    h(
      "div",
      { class: "who" },
      h("button", { type: "button", class: "plain small", lang: OTHER[language()], onclick: switchLanguage }, say("otherLanguage")),
      who() ? [h("span", { class: "name" }, who().name), h("button", { type: "button", class: "plain small", "data-key": "out", onclick: leave }, say("signOut"))] : h("button", { type: "button", class: "primary small", "data-key": "in", onclick: enter }, say("signIn")),
    ),
  ]);
}

function isAt(at, address) {
  return address === "#/" ? at === "" || at === "#/" || at.startsWith("#/rooms") : at.startsWith(address);
}

function skip(event) {
  event.preventDefault();
  document.getElementById("screen").focus();
}

function switchLanguage() {
  speak(OTHER[language()]);
  open();
  if (who()) writtenTo = writtenTo.then(writeInThisLanguage).catch(tellProblem);
}

/** Messages come in the language that was chosen here. */
async function writeInThisLanguage() {
  const { body: profile, tag } = await ask("GET", "me");
  if (profile.language !== language()) await ask("PUT", "me", { body: { ...profile, language: language() }, match: tag });
}

function enter() {
  signIn(language()).catch(tellProblem);
}

function leave() {
  signOut().catch(tellProblem);
}

function countUnread() {
  endUnread();
  unread = 0;
  if (!who()) return;
  endUnread = follow("messages?unread=true&size=1", (body) => {
    unread = body.unread ?? body._embedded.messages.length;
    drawHead();
  });
}

async function begin() {
  resume(() => {
    tell(say("signedOut"), "bad");
    countUnread();
    open();
  });
  try {
    await finishSignIn();
  } catch (error) {
    console.info(error);
    tell(say("signInFailed"), "bad");
  }
  countUnread();
  addEventListener("hashchange", () => {
    open();
    document.getElementById("screen").focus({ preventScroll: true });
    scrollTo(0, 0);
  });
  open();
}

begin();
