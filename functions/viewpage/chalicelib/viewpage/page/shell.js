// What every screen has: its heading in the title, short notices, deeds that take a while, a question asked before
// something is undone.

import { h, morphChildren } from "./element.js";
import { lookNow } from "./live.js";
import { language, say, sayProblem } from "./words.js";
import { Problem } from "./talk.js";

const NOTICE_MILLISECONDS = 7_000;

let noticeTimer = null;

/** Gives a function that draws a screen into the page: `draw()` makes it anew, only what differs is touched. */
export function screen(title, draw) {
  document.title = `${title()} · Staybook`;
  const root = document.getElementById("screen");
  return () => morphChildren(root, [draw()].flat(Infinity).filter(Boolean));
}

/** Says something for a moment; a screen reader says it too. `kind` is good or bad. */
export function tell(text, kind = "good") {
  const notice = document.getElementById("notice");
  notice.textContent = text;
  notice.className = kind;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => {
    notice.textContent = "";
  }, NOTICE_MILLISECONDS);
}

/** Says in people's words why something did not work; what nobody expected is thrown on. */
export function tellProblem(problem) {
  if (!(problem instanceof Problem)) throw problem;
  tell(sayProblem(problem), "bad");
}

/** Does something, one at a time: says why when it did not work, and looks at everything again in any case. */
export async function busily(state, redraw, act) {
  if (state.busy) return;
  state.busy = true;
  redraw();
  try {
    await act();
  } catch (problem) {
    tellProblem(problem);
  } finally {
    state.busy = false;
    redraw();
    lookNow();
  }
}

/** Asks before something is done. Gives true when the person goes on. */
export function confirm(title, lines, go, stay) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { "aria-labelledby": "question", lang: language(), onclose: () => finish() },
      h("h2", { id: "question" }, title),
      lines.map((line) => h("p", null, line)),
      h(
        "form",
        { method: "dialog", class: "choices" },
        h("button", { value: "stay", class: "plain" }, stay),
        h("button", { value: "go", class: "danger" }, go),
      ),
    );
    const finish = () => {
      resolve(dialog.returnValue === "go");
      dialog.remove();
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A button for something that takes a while: it says so, cannot be pressed twice, and always comes back. */
export function deed({ label, meanwhile, busy, ...properties }, ...more) {
  return h(
    "button",
    { type: "button", ...properties, "aria-busy": busy ? "true" : null, "aria-disabled": busy ? "true" : null },
    busy ? meanwhile : label,
    more,
  );
}

export function waitingLine() {
  return h("p", { class: "quiet", "data-key": "waiting" }, say("loading"));
}

export function stars(rating) {
  if (rating === null || rating === undefined) return h("span", { class: "stars quiet" }, say("unrated"));
  return h("span", { class: "stars" }, h("span", { "aria-hidden": "true" }, `★ ${rating.toFixed(1)}`), h("span", { class: "unseen" }, say("rated", rating)));
}

export function labelled(name, text, control, hint = null) {
  return h("div", { class: "field", "data-key": `field-${name}` }, h("label", { for: name }, text), control, hint && h("small", { class: "quiet" }, hint));
}

/** A picture of a room, or a quiet place where one will be. */
export function pictureOf(room, number, name) {
  const address = room.photos?.[number];
  if (!address) return h("div", { class: "picture none", role: "img", "aria-label": say("noPicture"), "data-key": "none" });
  return h("img", {
    class: "picture",
    src: address.replace(/^\//, ""),
    alt: say("photoOf", name, number + 1),
    loading: number === 0 ? "eager" : "lazy",
    decoding: "async",
    "data-key": address,
  });
}
