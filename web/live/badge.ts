/** How many alarms wait, in the tab's title and icon: seen from any other tab. */
const SIZE = 64;
let plain = "";
let drawn = "";

function title(count: number): void {
  plain ||= document.title;
  // A morph may have written the server's title again.
  if (!/^\(\d+\) /.test(document.title)) plain = document.title;
  document.title = count ? `(${count}) ${plain}` : plain;
}

function icon(count: number, urgent: boolean): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  // The colour says which: an urgent alarm that takes the place of a high one leaves the count as it was.
  const wanted = `${count}${urgent ? "!" : ""}`;
  if (!link || drawn === wanted) return;
  drawn = wanted;
  link.dataset.plain ??= link.href;
  if (!count) {
    link.href = link.dataset.plain;
    return;
  }
  const image = new Image(SIZE, SIZE);
  image.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE;
    const pen = canvas.getContext("2d");
    if (!pen || drawn !== wanted) return;
    const style = getComputedStyle(document.documentElement);
    pen.drawImage(image, 0, 0, SIZE, SIZE);
    pen.fillStyle = style.getPropertyValue(urgent ? "--p1" : "--p2") || "red";
    pen.beginPath();
    pen.arc(SIZE - 21, 21, 21, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = style.getPropertyValue("--on-p") || "white";
    pen.font = "700 30px sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(count > 99 ? "99" : String(count), SIZE - 21, 23);
    link.href = canvas.toDataURL("image/png");
  });
  image.src = link.dataset.plain;
}

export function showCount(count: number, urgent: boolean): void {
  title(count);
  icon(count, urgent);
}
