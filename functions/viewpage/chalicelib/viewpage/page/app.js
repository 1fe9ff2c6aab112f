// The one screen: a card for every room in view, looked at again every two seconds.

const REFRESH_MILLISECONDS = 2000;
const FIRST_PAGE = "roomviews?size=24";

const WORDS = {
  en: {
    skip: "Skip to the rooms",
    tagline: "Places to stay",
    heading: "Rooms",
    more: "More rooms",
    empty: "No rooms yet.",
    lost: "Out of touch just now. This is what was last seen.",
    free: "Free tonight",
    reserved: "Reserved tonight",
    unnamed: "A room",
    night: (price) => `${price} a night`,
    reviews: (count) => (count === 1 ? "1 review" : `${count} reviews`),
    rated: (rating, reviews) => `${rating} of 5 · ${reviews}`,
  },
  ko: {
    skip: "숙소 목록으로 건너뛰기",
    tagline: "머물고 싶은 곳",
    heading: "숙소",
    more: "숙소 더 보기",
    empty: "아직 숙소가 없습니다.",
    lost: "지금은 연결되지 않습니다. 마지막으로 확인한 내용입니다.",
    free: "오늘 밤 예약 가능",
    reserved: "오늘 밤 예약됨",
    unnamed: "숙소",
    night: (price) => `1박 ${price}`,
    reviews: (count) => `후기 ${count}개`,
    rated: (rating, reviews) => `5점 만점에 ${rating}점 · ${reviews}`,
  },
};

const language = navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
const words = WORDS[language];
const list = document.getElementById("rooms");
const notice = document.getElementById("notice");
const more = document.getElementById("more");
const template = document.getElementById("card");

const pages = [{ address: FIRST_PAGE, tag: null, rooms: [], next: null }];
const cards = new Map();

function speak() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = words[element.dataset.text];
  }
}

/** Reads a page again; true when it has changed since it was last read. */
async function read(page) {
  const headers = page.tag ? { "If-None-Match": page.tag } : {};
  const response = await fetch(page.address, { headers, cache: "no-store" });
  if (response.status === 304) return false;
  if (!response.ok) throw new Error(`the view answered ${response.status}`);
  const body = await response.json();
  page.tag = response.headers.get("ETag");
  page.rooms = body._embedded.roomviews;
  page.next = nextAddress(body);
  return true;
}

/** Links are paths of the API; the page may live below a stage's prefix, so only their query counts. */
function nextAddress(body) {
  const link = body._links.next;
  return link ? `roomviews${new URL(link.href, location.href).search}` : null;
}

function money(price) {
  const format = new Intl.NumberFormat(language, { style: "currency", currency: price.currency });
  return format.format(price.amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** What a card says, by the class of the element that says it. */
function said(room) {
  const reviews = words.reviews(room.reviewCnt);
  return {
    title: room.title || room.desc || words.unnamed,
    city: room.city,
    description: room.title ? room.desc : "",
    reviews: room.rating ? words.rated(room.rating, reviews) : reviews,
    price: words.night(money(room.pricePerNight)),
    state: room.roomStatus === "reserved" ? words.reserved : words.free,
  };
}

function newCard(roomId) {
  const card = template.content.firstElementChild.cloneNode(true);
  const hue = [...roomId].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  card.querySelector(".photo").style.setProperty("--hue", hue);
  card.dataset.roomId = roomId;
  return card;
}

/** Touches only what differs, so that nothing flickers and nothing loses its place. */
function fill(card, room) {
  for (const [name, text] of Object.entries(said(room))) {
    const element = card.querySelector(`.${name}`);
    if (element.textContent !== text) element.textContent = text;
  }
  card.querySelector(".state").classList.toggle("reserved", room.roomStatus === "reserved");
}

function show() {
  const rooms = new Map(pages.flatMap((page) => page.rooms).map((room) => [room.roomId, room]));
  for (const [roomId, card] of cards) {
    if (!rooms.has(roomId)) {
      card.remove();
      cards.delete(roomId);
    }
  }
  let place = list.firstElementChild;
  for (const [roomId, room] of rooms) {
    const card = cards.get(roomId) ?? newCard(roomId);
    cards.set(roomId, card);
    fill(card, room);
    if (card === place) place = place.nextElementSibling;
    else list.insertBefore(card, place);
  }
  more.hidden = pages.at(-1).next === null;
}

function say(text) {
  if (notice.textContent !== text) notice.textContent = text;
}

/** A page begins where the one before it ends, and that moves when rooms come and go. True when it has moved. */
function follow(page, address) {
  if (page.address === address) return false;
  Object.assign(page, { address, tag: null });
  return true;
}

/** Every page once more, in order; true when something has changed. */
async function readAll() {
  let changed = false;
  for (let number = 0; number < pages.length; number += 1) {
    if (number > 0 && pages[number - 1].next === null) {
      pages.length = number;
      return true;
    }
    if (number > 0) changed = follow(pages[number], pages[number - 1].next) || changed;
    changed = (await read(pages[number])) || changed;
  }
  return changed;
}

async function refresh() {
  try {
    if (await readAll()) show();
    say(cards.size === 0 ? words.empty : "");
  } catch (error) {
    console.warn(error);
    say(words.lost);
  }
}

async function keepLooking() {
  if (!document.hidden) await refresh();
  setTimeout(keepLooking, REFRESH_MILLISECONDS);
}

more.addEventListener("click", async () => {
  const address = pages.at(-1).next;
  if (address === null) return;
  pages.push({ address, tag: null, rooms: [], next: null });
  await refresh();
});

speak();
keepLooking();
