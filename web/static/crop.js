// Choosing which square of a photo is shown: drag it, pinch it, or use the keyboard.
//
// The square goes into the hidden field "crop" as "left,top,side", in pixels of the upright picture.
// The server cuts it out; without this script it takes the middle.

const DENSITY = Math.max(1, window.devicePixelRatio);
const CLOSEST = 8;         // how much closer one can look than the whole width, at most,
const SMALLEST_SIDE = 64;  // and the least pixels of the photo that are worth showing
const STEP = 1 / 20;       // of the square, for one arrow key
const ZOOM_STEP = 5;       // of the slider's hundred, for one + or -

const box = document.getElementById("crop");
const view = document.getElementById("crop-view");
const slider = document.getElementById("crop-zoom");
const unseen = document.getElementById("crop-unseen");
const form = box.closest("form");
const file = form.elements.file;
const chosen = form.elements.crop;

let picture = null;
let centre = { x: 0, y: 0 };
let zoom = 0;
const pointers = new Map();

document.getElementById("crop-middle").hidden = true;
file.addEventListener("change", open);
open();

async function open() {
  const [photo] = file.files;
  close();
  if (!photo) return;
  try {
    const read = await createImageBitmap(photo);
    if (file.files[0] !== photo) return;
    picture = read;
  } catch {
    // The server may still know it, or says why not.
    unseen.hidden = false;
    return;
  }
  centre = { x: picture.width / 2, y: picture.height / 2 };
  zoom = 0;
  box.hidden = false;
  view.width = view.height = Math.round(view.clientWidth * DENSITY);
  show();
}

function close() {
  picture?.close();
  picture = null;
  chosen.value = "";
  box.hidden = unseen.hidden = true;
}

function shortest() {
  return Math.min(picture.width, picture.height);
}

function closest() {
  return Math.max(1, Math.min(CLOSEST, shortest() / SMALLEST_SIDE));
}

function side() {
  return shortest() / closest() ** (zoom / 100);
}

function moveBy(x, y) {
  centre = { x: centre.x + x, y: centre.y + y };
  show();
}

function zoomTo(value) {
  zoom = between(0, value, 100);
  show();
}

function show() {
  const shown = side();
  centre.x = between(shown / 2, centre.x, picture.width - shown / 2);
  centre.y = between(shown / 2, centre.y, picture.height - shown / 2);
  slider.value = Math.round(zoom);

  const whole = Math.max(1, Math.round(shown));
  const left = between(0, Math.round(centre.x - shown / 2), picture.width - whole);
  const top = between(0, Math.round(centre.y - shown / 2), picture.height - whole);
  chosen.value = [left, top, whole].join(",");
  draw(left, top, whole);
}

function draw(left, top, shown) {
  const size = view.width;
  const pen = view.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, size, size);
  pen.drawImage(picture, left, top, shown, shown, 0, 0, size, size);
  // What the round frame will hide.
  pen.beginPath();
  pen.rect(0, 0, size, size);
  pen.arc(size / 2, size / 2, size / 2, 0, 2 * Math.PI);
  pen.fillStyle = "rgb(0 0 0 / 45%)";
  pen.fill("evenodd");
}

function between(least, value, most) {
  return Math.max(least, Math.min(value, most));
}

slider.addEventListener("input", () => zoomTo(Number(slider.value)));

view.addEventListener("keydown", (event) => {
  const step = side() * STEP;
  const acts = {
    // The photo moves as it does under a finger: to the right shows more of its left.
    ArrowLeft: () => moveBy(step, 0),
    ArrowRight: () => moveBy(-step, 0),
    ArrowUp: () => moveBy(0, step),
    ArrowDown: () => moveBy(0, -step),
    "+": () => zoomTo(zoom + ZOOM_STEP),
    "=": () => zoomTo(zoom + ZOOM_STEP),
    "-": () => zoomTo(zoom - ZOOM_STEP),
  };
  if (!(event.key in acts) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  acts[event.key]();
});

view.addEventListener("pointerdown", (event) => {
  view.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, event);
});

view.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const apart = distance();
  pointers.set(event.pointerId, event);
  if (pointers.size === 1) {
    const scale = side() / view.clientWidth;
    moveBy((before.clientX - event.clientX) * scale, (before.clientY - event.clientY) * scale);
  } else if (apart && closest() > 1) {
    zoomTo(zoom + (100 * Math.log(distance() / apart)) / Math.log(closest()));
  }
});

for (const end of ["pointerup", "pointercancel"]) {
  view.addEventListener(end, (event) => pointers.delete(event.pointerId));
}

// Between two fingers; 0 where there are not two.
function distance() {
  if (pointers.size !== 2) return 0;
  const [one, other] = [...pointers.values()];
  return Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
}
