// Days, money and names as people read them. Days are texts like 2026-12-24, in the room's own calendar.

import { language, say } from "./words.js";

const DAY = 86_400_000;

export function money(price) {
  const format = new Intl.NumberFormat(language(), { style: "currency", currency: price.currency });
  return format.format(price.amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** An amount in major units, as somebody types it, in the minor units of the currency; and back. */
export function minor(amount, currency) {
  return Math.round(amount * 10 ** digitsOf(currency));
}

export function major(price) {
  return price.amount / 10 ** digitsOf(price.currency);
}

function digitsOf(currency) {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
}

export function day(text, style = { month: "short", day: "numeric", weekday: "short" }) {
  return new Intl.DateTimeFormat(language(), { ...style, timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));
}

/** An instant, in the reader's own time zone or the one given. */
export function moment(text, timeZone) {
  const style = { dateStyle: "medium", timeStyle: "short", timeZone };
  return new Intl.DateTimeFormat(language(), style).format(new Date(text));
}

export function stay(checkIn, checkOut) {
  return `${day(checkIn)} – ${day(checkOut)}`;
}

export function today(timeZone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(new Date());
}

export function plus(text, days) {
  return new Date(Date.parse(`${text}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Spans like 2026-12-24/2026-12-26 as a set of nights. */
export function nightsOf(spans) {
  const nights = new Set();
  for (const span of spans) {
    const [first, end] = span.split("/");
    for (let night = first; night < end; night = plus(night, 1)) nights.add(night);
  }
  return nights;
}

export function nameOf(room) {
  return room.title || room.desc || say("unnamed");
}

const CITIES = {
  Seoul: "서울",
  Busan: "부산",
  Jeju: "제주",
  Gyeongju: "경주",
  Gangneung: "강릉",
  Jeonju: "전주",
  Incheon: "인천",
  Sokcho: "속초",
  Yeosu: "여수",
};

/** A city in the reader's language, and what a reader calls a city as hosts write it. */
export function cityName(city) {
  return language() === "ko" ? (CITIES[city] ?? city) : city;
}

export function cityOf(name) {
  const asked = name.trim();
  return Object.entries(CITIES).find(([, korean]) => korean === asked)?.[0] ?? asked;
}

export const KNOWN_CITIES = Object.keys(CITIES);
