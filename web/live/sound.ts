/**
 * Sound follows state, not messages: it goes on while an urgent or high alarm is not acknowledged, and survives a
 * reload. Browsers need one click before a page may sound; until then the button says that sound is off.
 */
import { word } from "./words";

const PAUSE = { 1: 4_000, 2: 10_000 };
/** Two short, different sounds: [hertz, start, seconds]. */
const NOTES: Record<1 | 2, [number, number, number][]> = {
  1: [[880, 0, 0.16], [660, 0.2, 0.16], [880, 0.4, 0.16]],
  2: [[523, 0, 0.22], [392, 0.3, 0.22]],
};

let audio: AudioContext | null = null;
let wanted = localStorage.getItem("haidang-sound") !== "off";
let timer = 0;
let level: 0 | 1 | 2 = 0;

function ready(): boolean {
  return wanted && audio?.state === "running";
}

export function play(which: 1 | 2): void {
  if (!audio || !ready()) return;
  for (const [hertz, start, length] of NOTES[which]) {
    const tone = audio.createOscillator(), volume = audio.createGain();
    const from = audio.currentTime + start;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.35, from + 0.02);
    volume.gain.linearRampToValueAtTime(0, from + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + length + 0.02);
  }
  document.dispatchEvent(new CustomEvent("live:sounded", { detail: which }));
}

async function unlock(): Promise<void> {
  audio ??= new AudioContext();
  await audio.resume();
  show();
}

function show(): void {
  const button = document.getElementById("sound");
  if (!button) return;
  button.setAttribute("aria-pressed", String(ready()));
  const label = button.querySelector("span") ?? button;
  label.textContent = word(ready() ? "soundOn" : "soundOff");
}

/** How many urgent and high alarms wait for somebody. */
export function follow(urgent: number, high: number): void {
  const next = urgent ? 1 : high ? 2 : 0;
  if (next === level) return;
  level = next;
  window.clearTimeout(timer);
  if (level) ring();
}

function ring(): void {
  if (!level) return;
  // Several tabs of one browser sound as one: whoever holds the lock sounds, the others stay silent.
  if ("locks" in navigator) {
    void navigator.locks.request("haidang-sound", { ifAvailable: true }, async (lock) => {
      if (!lock || !level) return;
      play(level);
      await new Promise((resume) => window.setTimeout(resume, 1500));
    });
  } else {
    play(level);
  }
  timer = window.setTimeout(ring, PAUSE[level]);
}

export function startSound(): void {
  show();
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest("#sound, [data-sound-test]");
    if (button?.id === "sound" && ready()) {
      wanted = false;
      localStorage.setItem("haidang-sound", "off");
      show();
    } else if (button) {
      wanted = true;
      localStorage.setItem("haidang-sound", "on");
      // The first click is also the test: whoever switches sound on must hear it.
      void unlock().then(() => play(2));
    } else if (wanted && !ready()) {
      void unlock();
    }
  });
  document.addEventListener("keydown", () => wanted && !ready() && void unlock(), { once: true });
}
