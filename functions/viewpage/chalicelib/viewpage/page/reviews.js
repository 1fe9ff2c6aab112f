// What guests say of a stay, and a place to say it, from the day of check-in on.

import { h } from "./element.js";
import { day, today } from "./format.js";
import { who } from "./session.js";
import { busily, labelled, tell } from "./shell.js";
import { ask, newKey, Problem } from "./talk.js";
import { say } from "./words.js";

const STAYED = new Set(["reserved", "completed"]);

export function reviewsState(roomId) {
  const state = { roomId, items: null, mayWrite: false, editing: null, busy: false, key: newKey() };
  state.heard = (reservations, redraw) => {
    state.mayWrite = reservations.some((each) => each.roomId === roomId && each.guestId === who()?.subject && STAYED.has(each.status) && each.checkIn <= today(each.terms?.timeZone ?? "UTC"));
    redraw();
  };
  return state;
}

export async function askReviews(state, redraw) {
  try {
    state.items = (await ask("GET", `reviews?roomId=${state.roomId}&size=50`)).body._embedded.reviews;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    state.items ??= [];
  }
  redraw();
}

export function reviewsSection(state, redraw) {
  const items = state.items ?? [];
  const mine = items.some((review) => review.guestId === who()?.subject);
  return h(
    "section",
    { class: "reviews", "aria-labelledby": "reviews-heading", "data-key": "reviews" },
    h("h2", { id: "reviews-heading" }, say("reviews")),
    items.length === 0 && h("p", { class: "quiet", "data-key": "none" }, state.items === null ? say("loading") : say("noReviews")),
    h("ul", { class: "review-list", "data-key": "list" }, items.map((review) => oneReview(state, review, redraw))),
    state.mayWrite && !mine && state.editing === null && reviewForm(state, null, redraw),
  );
}

function oneReview(state, review, redraw) {
  const own = review.guestId === who()?.subject;
  if (own && state.editing === review.reviewId) return h("li", { "data-key": `edit-${review.reviewId}` }, reviewForm(state, review, redraw));
  const edit = () => {
    state.editing = review.reviewId;
    redraw();
  };
  return h(
    "li",
    { "data-key": review.reviewId },
    h("p", { class: "stars" }, h("span", { "aria-hidden": "true" }, "★".repeat(review.rating ?? 0)), h("span", { class: "unseen" }, review.rating ? say("rated", review.rating) : ""), h("small", { class: "quiet" }, ` ${day(review.createdAt.slice(0, 10), { year: "numeric", month: "long" })}`)),
    h("p", { class: "said" }, review.content),
    own && h("p", { class: "choices" }, h("button", { type: "button", class: "plain small", onclick: edit }, say("editReview")), h("button", { type: "button", class: "plain small", onclick: () => removeReview(state, review, redraw) }, say("removeReview"))),
  );
}

function reviewForm(state, review, redraw) {
  return h(
    "form",
    { class: "review-form", "data-key": "review-form", onsubmit: (event) => sendReview(event, state, review, redraw) },
    h("h3", null, say("writeReview")),
    h(
      "fieldset",
      { class: "stars-field" },
      h("legend", null, say("rating")),
      [1, 2, 3, 4, 5].map((number) =>
        h("label", null, h("input", { type: "radio", name: "rating", value: number, required: true, checked: number === (review?.rating ?? 5) }), h("span", { "aria-hidden": "true" }, "★"), h("span", { class: "unseen" }, say("star", number))),
      ),
    ),
    labelled("content", say("yourReview"), h("textarea", { id: "content", name: "content", rows: 3, required: true, maxlength: 4000 }, review?.content ?? "")),
    h("button", { class: "primary", "aria-busy": state.busy ? "true" : null }, say("send")),
  );
}

async function sendReview(event, state, review, redraw) {
  event.preventDefault();
  const given = new FormData(event.currentTarget);
  const body = { content: given.get("content"), rating: Number(given.get("rating")) };
  const write = () =>
    review
      ? ask("PATCH", `reviews/${review.reviewId}`, { body })
      : ask("POST", "reviews", { body: { roomId: state.roomId, ...body }, key: state.key });
  await change(state, redraw, write, say("reviewed"));
}

async function removeReview(state, review, redraw) {
  await change(state, redraw, () => ask("DELETE", `reviews/${review.reviewId}`), say("removed"));
}

async function change(state, redraw, write, done) {
  await busily(state, redraw, async () => {
    await write();
    Object.assign(state, { editing: null, key: newKey() });
    tell(done);
  });
  await askReviews(state, redraw);
}
