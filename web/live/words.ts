/** Words and addresses the page was rendered with, in its language: `<template id="live-words" data-…>`. */
const words = document.getElementById("live-words")?.dataset ?? {};

/** The word `name`, with `{n}` and the like filled in. */
export function word(name: string, fill: Record<string, string | number> = {}): string {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(fill[key] ?? whole));
}

const MINUTE = 60, HOUR = 3600, DAY = 86400;

/** The same short form as on the server: `40 giây`, `2 ph`, `1 giờ`, `3 ngày`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return word("second", { n: whole });
  if (whole < HOUR) return word("minute", { n: Math.floor(whole / MINUTE) });
  if (whole < 2 * DAY) return word("hour", { n: Math.floor(whole / HOUR) });
  return word("day", { n: Math.floor(whole / DAY) });
}

/** Where the minutes matter: `2 giờ 12 phút`. */
export function spanLong(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return span(whole);
  const days = Math.floor(whole / DAY), hours = Math.floor((whole % DAY) / HOUR), minutes = Math.floor((whole % HOUR) / MINUTE);
  const parts = [];
  if (days) parts.push(word("day", { n: days }));
  if (hours) parts.push(word("hour", { n: hours }));
  if (minutes && !days) parts.push(word("minuteLong", { n: minutes }));
  return parts.join(" ");
}

/** `00:23`, `1:02:03`. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / HOUR);
  return `${hours ? `${hours}:` : ""}${two(Math.floor((whole % HOUR) / MINUTE))}:${two(whole % MINUTE)}`;
}

const clockForm = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** Vietnamese wall-clock time, wherever the browser stands. */
export function clockTime(ms: number): string {
  return clockForm.format(ms);
}
