// Placing fields on the pages of a document: by mouse or finger, and by keyboard alone.
//
// What is placed goes as JSON into the hidden field "fields", in ten-thousandths of each page.

const form = document.querySelector("[data-places]");
const whole = Number(form.dataset.whole);
const texts = form.querySelector("[data-texts]").dataset;
const told = form.querySelector("[data-told]");
const label = document.getElementById("place-label");
const SIZES = { signature: [2600, 450], initials: [900, 400], date: [1500, 250], text: [2600, 280] };
const STEP = 100;
const SMALLEST = 150;
const CORNER = 14; // pixels from the lower right corner, in which a drag changes the size

const placed = JSON.parse(form.elements.fields.value || "[]");

form.querySelector("[data-tools]").hidden = false;
for (const sheet of form.querySelectorAll(".sheet")) {
  const page = Number(sheet.dataset.page);
  const add = sheet.querySelector("[data-add]");
  add.hidden = false;
  add.addEventListener("click", () => put(page, null).focus());
  sheet.querySelector("img").addEventListener("click", (event) => {
    const box = event.target.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * whole;
    const y = ((event.clientY - box.top) / box.height) * whole;
    put(page, { x, y }).focus();
  });
}
for (const field of placed) show(field);

function chosen(name) {
  return form.querySelector(`[name="${name}"]:checked`);
}

function put(page, at) {
  const kind = chosen("place-kind").value;
  const [width, height] = SIZES[kind];
  const field = { signer: Number(chosen("place-signer").value), kind, page, width, height };
  field.label = kind === "text" ? label.value.trim() : "";
  const { x, y } = at ? { x: at.x - width / 2, y: at.y - height / 2 } : free(page, width, height);
  Object.assign(field, { x: Math.round(x), y: Math.round(y) });
  placed.push(field);
  const button = show(field);
  told.textContent = `${texts.added}: ${button.getAttribute("aria-label")}`;
  return button;
}

// The first place, row by row from the foot of the page, on which nothing stands yet.
function free(page, width, height) {
  const others = placed.filter((one) => one.page === page);
  for (let y = 8700; y > 0; y -= 500) {
    for (const x of [700, 3700, 6700]) {
      const meets = (one) =>
        x < one.x + one.width && one.x < x + width && y < one.y + one.height && one.y < y + height;
      if (!others.some(meets)) return { x, y };
    }
  }
  return { x: 700, y: 700 };
}

function show(field) {
  const sheet = form.querySelector(`.sheet[data-page="${field.page}"]`);
  const button = document.createElement("button");
  button.type = "button";
  button.className = `placed s${(field.signer - 1) % 6}`;
  const who = form.querySelector(`[name="place-signer"][value="${field.signer}"]`).parentNode;
  const what = form.querySelector(`[name="place-kind"][value="${field.kind}"]`).parentNode;
  button.textContent = field.label || what.textContent.trim();
  sheet.append(button);
  const draw = () => {
    field.width = Math.min(Math.max(field.width, SMALLEST), whole);
    field.height = Math.min(Math.max(field.height, SMALLEST), whole);
    field.x = Math.min(Math.max(field.x, 0), whole - field.width);
    field.y = Math.min(Math.max(field.y, 0), whole - field.height);
    const image = sheet.querySelector("img");
    const scale = image.clientHeight / whole;
    Object.assign(button.style, {
      left: `${field.x / 100}%`,
      width: `${field.width / 100}%`,
      top: `${field.y * scale}px`,
      height: `${field.height * scale}px`,
    });
    button.setAttribute(
      "aria-label",
      texts.at
        .replace("{what}", field.label || what.textContent.trim())
        .replace("{who}", who.textContent.trim())
        .replace("{x}", Math.round(field.x / 100))
        .replace("{y}", Math.round(field.y / 100)),
    );
    form.elements.fields.value = JSON.stringify(placed);
  };
  new ResizeObserver(draw).observe(sheet.querySelector("img"));
  draw();
  button.addEventListener("keydown", (event) => move(event, field, button, draw));
  button.addEventListener("pointerdown", (event) => drag(event, field, button, draw));
  return button;
}

function move(event, field, button, draw) {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = steps[event.key];
  if (step) {
    const [across, down] = event.shiftKey ? ["width", "height"] : ["x", "y"];
    field[across] += step[0] * STEP;
    field[down] += step[1] * STEP;
    draw();
    told.textContent = button.getAttribute("aria-label");
  } else if (event.key === "Delete" || event.key === "Backspace") {
    placed.splice(placed.indexOf(field), 1);
    form.elements.fields.value = JSON.stringify(placed);
    told.textContent = `${texts.removed}: ${button.getAttribute("aria-label")}`;
    button.closest(".sheet").querySelector("[data-add]").focus();
    button.remove();
  } else {
    return;
  }
  event.preventDefault();
}

function drag(start, field, button, draw) {
  const image = button.closest(".sheet").querySelector("img").getBoundingClientRect();
  const box = button.getBoundingClientRect();
  const resizes = box.right - start.clientX < CORNER && box.bottom - start.clientY < CORNER;
  const before = { ...field };
  button.setPointerCapture(start.pointerId);
  const follow = (event) => {
    const across = ((event.clientX - start.clientX) / image.width) * whole;
    const down = ((event.clientY - start.clientY) / image.height) * whole;
    if (resizes) {
      field.width = Math.round(before.width + across);
      field.height = Math.round(before.height + down);
    } else {
      field.x = Math.round(before.x + across);
      field.y = Math.round(before.y + down);
    }
    draw();
  };
  button.addEventListener("pointermove", follow);
  const end = () => button.removeEventListener("pointermove", follow);
  button.addEventListener("pointerup", end, { once: true });
  button.addEventListener("pointercancel", end, { once: true });
}
