// Drawing a signature with a finger, a pen or a mouse; what is drawn goes into the hidden field
// "drawn" as a PNG. Without this script, and by keyboard, the name is typed instead.

const form = document.querySelector("[data-sign]");
const box = form.querySelector("[data-draw]");
const canvas = box.querySelector("canvas");
const pen = canvas.getContext("2d");
const WIDE = 4;

box.hidden = false;
form.querySelector(".form-actions").before(box);
pen.lineWidth = WIDE;
pen.lineCap = pen.lineJoin = "round";
pen.strokeStyle = "#10245c";

let last = null;

function at(event) {
  const area = canvas.getBoundingClientRect();
  return {
    x: ((event.clientX - area.left) / area.width) * canvas.width,
    y: ((event.clientY - area.top) / area.height) * canvas.height,
  };
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  last = at(event);
  line(last);
});
canvas.addEventListener("pointermove", (event) => {
  if (last) line(at(event));
});
for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, () => {
    if (!last) return;
    last = null;
    form.elements.drawn.value = canvas.toDataURL("image/png");
  });
}
box.querySelector("[data-clear]").addEventListener("click", () => {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  form.elements.drawn.value = "";
});

function line(to) {
  pen.beginPath();
  pen.moveTo(last.x, last.y);
  pen.lineTo(to.x, to.y);
  pen.stroke();
  last = to;
}
