// Files are sent ahead of their form, in parts, and go on where they stopped: dropped, chosen, or a
// whole folder. The form then names them instead of holding them. Without this module, or without
// JavaScript, the form sends its files itself. What is said here stands in shell/uploads.html, and
// so do the addresses of the other modules, which change with what is in them.

const modules = document.querySelector("[data-uploads]").dataset;
const [{ ask, metadata, Trouble }, { remembered, remember, forget }, { chosen, dropped, said }] =
  await Promise.all([import(modules.asking), import(modules.known), import(modules.choosing)]);

const PART = 8 * 2 ** 20;
const AT_ONCE = 2;
const UNDER_WAY = ["goes", "checked", "again", "later"];
const PAUSES = [500, 2000, 5000]; // milliseconds before it is tried again by itself

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

class Uploads {
  constructor(area) {
    this.area = area;
    this.form = area.closest("form");
    this.field = this.form.elements[area.dataset.field];
    this.texts = area.querySelector("[data-texts]").dataset;
    this.list = area.querySelector("ul");
    this.lines = [];
    this.wanted = false;
    this.sending = false;
    area.hidden = false;
    this.listen();
  }

  listen() {
    this.field.addEventListener("change", () => {
      this.add(chosen(this.field));
      this.field.value = "";
    });
    const folder = document.createElement("input");
    folder.type = "file";
    folder.webkitdirectory = true;
    folder.addEventListener("change", () => {
      this.add(chosen(folder));
      folder.value = "";
    });
    this.area.querySelector("[data-folder]").addEventListener("click", () => folder.click());
    this.form.addEventListener("submit", (event) => {
      if (!this.lines.length || this.sending) return;
      event.preventDefault();
      this.wanted = true;
      this.goOn();
    });
    window.addEventListener("beforeunload", (event) => {
      if (!this.sending && this.lines.some((line) => line.state !== "done")) event.preventDefault();
    });
    let leaving = 0;
    document.addEventListener("dragover", (event) => {
      if (!this.area.isConnected || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      clearTimeout(leaving);
      this.area.classList.add("over");
      leaving = setTimeout(() => this.area.classList.remove("over"), 200);
    });
    document.addEventListener("drop", async (event) => {
      if (!this.area.isConnected || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.area.classList.remove("over");
      this.area.scrollIntoView({ block: "nearest" });
      this.add(await dropped(event.dataTransfer));
    });
  }

  add(files) {
    for (const { file, folders } of files) {
      const known = [this.form.action, folders, file.name, file.size, file.lastModified].join("|");
      if (this.lines.some((line) => line.known === known)) continue;
      const line = { file, folders, known, sent: 0, place: "", state: "waits", tries: 0 };
      line.element = this.drawn(line);
      this.lines.push(line);
      this.list.append(line.element);
      if (file.size > Number(this.area.dataset.largest)) this.fail(line, this.texts.large);
    }
    if (this.form.hasAttribute("data-at-once")) this.wanted = this.lines.length > 0;
    this.goOn();
  }

  drawn(line) {
    const element = this.area.querySelector("[data-line]").content.firstElementChild.cloneNode(true);
    const name = line.folders ? `${line.folders}/${line.file.name}` : line.file.name;
    for (const place of element.querySelectorAll("[data-name]")) place.textContent = name;
    element.querySelector("[data-size]").textContent = said(line.file.size);
    element.querySelector("progress").setAttribute("aria-label", name);
    element.querySelector("[data-cancel]").addEventListener("click", () => this.cancel(line));
    element.querySelector("[data-again]").addEventListener("click", () => {
      line.tries = 0;
      this.show(line, "waits");
      element.querySelector("[data-cancel]").focus();
      this.goOn();
    });
    this.show(line, line.state, "", element);
    return element;
  }

  show(line, state, why = "", element = line.element) {
    line.state = state;
    for (const text of element.querySelectorAll("[data-state]")) text.hidden = text.dataset.state !== state;
    element.querySelector("[data-why]").textContent = why;
    element.querySelector("[data-again]").hidden = state !== "failed";
    element.querySelector("progress").value = line.file.size ? line.sent / line.file.size : Number(state === "done");
  }

  fail(line, why) {
    this.show(line, "failed", why);
    this.tell();
  }

  /** Begins with what waits; sends the form once all is here and somebody wants it. */
  goOn() {
    const going = this.lines.filter((line) => UNDER_WAY.includes(line.state)).length;
    const next = this.lines.filter((line) => line.state === "waits").slice(0, AT_ONCE - going);
    for (const line of next) this.send(line).finally(() => this.goOn());
    this.tell();
    if (this.wanted && this.lines.length && this.lines.every((line) => line.state === "done")) this.sendForm();
  }

  tell() {
    const of = (state) => this.lines.filter((line) => line.state === state).length;
    const [sent, size] = [this.lines.map((line) => line.sent), this.lines.map((line) => line.file.size)];
    const total = (numbers) => said(numbers.reduce((sum, number) => sum + number, 0));
    const filled = { done: of("done"), count: this.lines.length, sent: total(sent), size: total(size) };
    const told = [this.texts.total.replace(/\{(\w+)\}/g, (_all, name) => filled[name])];
    const open = of("waits") + UNDER_WAY.map(of).reduce((sum, number) => sum + number);
    if (!open && of("failed")) told.push(this.texts.stuck);
    else if (this.wanted && open) told.push(this.texts.soon);
    const status = this.area.querySelector("[data-told]");
    const text = this.lines.length ? told.join(". ").replace("..", ".") : "";
    if (status.textContent !== text) status.textContent = text;
  }

  async send(line) {
    this.show(line, "goes");
    while (UNDER_WAY.includes(line.state)) {
      try {
        await this.begin(line);
        while (line.sent < line.file.size) await this.sendPart(line);
        if (line.state !== "gone") this.show(line, "done");
        return;
      } catch (trouble) {
        if (line.state === "gone") return;
        if (!(trouble instanceof Trouble)) throw trouble;
        if (trouble.forgotten) {
          forget(line.known);
          line.place = "";
        }
        if (!trouble.passing || line.tries >= PAUSES.length) {
          this.fail(line, this.texts[trouble.why] ?? trouble.sentence);
          return;
        }
        this.show(line, trouble.sentence ? "later" : "again", trouble.sentence);
        await pause(PAUSES[line.tries]);
        line.tries += 1;
      }
    }
  }

  /** The place of the file, and how much of it is there: of an earlier try, or a new one. */
  async begin(line) {
    line.place ||= await remembered(line.known);
    if (line.place) {
      const answer = await ask(this.token, "HEAD", line.place, {}, null, line).catch((trouble) => {
        if (!trouble.forgotten) throw trouble;
      });
      const there = answer && Number(answer.getResponseHeader("Upload-Length")) === line.file.size;
      line.sent = there ? Number(answer.getResponseHeader("Upload-Offset")) : 0;
      if (there) return;
    }
    const told = {
      filename: line.file.name,
      folders: line.folders,
      field: this.area.dataset.field,
      form: new URL(this.form.action).pathname,
    };
    const headers = { "Upload-Length": line.file.size, "Upload-Metadata": metadata(told) };
    const answer = await ask(this.token, "POST", this.area.dataset.uploads, headers, null, line);
    line.place = answer.getResponseHeader("Location");
    line.sent = 0;
    await remember(line.known, line.place);
  }

  async sendPart(line) {
    const start = line.sent;
    const part = line.file.slice(start, start + PART);
    const headers = { "Upload-Offset": start, "Content-Type": "application/offset+octet-stream" };
    const answer = await ask(this.token, "PATCH", line.place, headers, part, line, (loaded) => {
      line.sent = start + loaded;
      this.show(line, line.sent < line.file.size ? "goes" : "checked");
    });
    line.sent = Number(answer.getResponseHeader("Upload-Offset"));
    line.tries = 0;
    this.show(line, "goes");
    this.tell();
  }

  cancel(line) {
    const at = this.lines.indexOf(line);
    line.state = "gone";
    line.request?.abort();
    forget(line.known);
    if (line.place) ask(this.token, "DELETE", line.place, {}, null, {}).catch(() => {});
    this.lines.splice(at, 1);
    line.element.remove();
    const next = this.lines[Math.min(at, this.lines.length - 1)];
    (next?.element.querySelector("[data-cancel]") ?? this.field).focus();
    this.goOn();
  }

  get token() {
    return this.form.elements.csrf_token.value;
  }

  /** Sends the form with the names of its files; of very many, some at a time. */
  async sendForm() {
    this.wanted = false;
    this.sending = true;
    const groups = this.groups();
    const last = groups.pop();
    for (const group of groups) {
      const why = await this.sendGroup(group);
      if (why) {
        for (const line of group) this.fail(line, why);
        this.sending = false;
        return;
      }
    }
    for (const line of last) {
      this.form.append(this.named(line));
      forget(line.known);
    }
    this.form.submit();
  }

  /** As many together as one form may have. */
  groups() {
    const { most, largest } = this.area.dataset;
    const groups = [[]];
    let size = 0;
    for (const line of this.lines) {
      size += line.file.size;
      if (groups.at(-1).length >= Number(most) || (groups.at(-1).length && size > Number(largest))) {
        groups.push([]);
        size = line.file.size;
      }
      groups.at(-1).push(line);
    }
    return groups;
  }

  async sendGroup(group) {
    const sent = new FormData(this.form);
    const key = crypto.getRandomValues(new Uint8Array(16));
    sent.set("_once", [...key].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
    for (const line of group) sent.append(this.named(line).name, this.named(line).value);
    const answer = await fetch(this.form.action, { method: "POST", body: sent, redirect: "manual" }).catch(() => null);
    if (!answer) return this.texts.lost;
    if (answer.type !== "opaqueredirect") {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const problems = [...page.querySelectorAll(".problems :is(h2, li), .fault p")];
      return problems.map((problem) => problem.textContent.trim()).join(" ") || this.texts.failed;
    }
    for (const line of group) {
      forget(line.known);
      line.element.remove();
      this.lines.splice(this.lines.indexOf(line), 1);
    }
    this.tell();
    return "";
  }

  named(line) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = `${this.area.dataset.field}.upload`;
    input.value = line.place.split("/").at(-1);
    return input;
  }
}

function setUp() {
  for (const area of document.querySelectorAll("[data-uploads][hidden]")) {
    const field = area.closest("form")?.elements[area.dataset.field];
    if (field && !field.matches(":disabled")) new Uploads(area);
  }
}

setUp();
document.addEventListener("htmx:afterSwap", setUp);
