// One request about an upload, and what its answer means for whoever sends the file.

/** Why it did not work: `why` names a sentence of the page, `sentence` is the server's own. */
export class Trouble extends Error {
  constructor(why, { sentence = "", passing = false, forgotten = false } = {}) {
    super(why);
    Object.assign(this, { why, sentence, passing, forgotten });
  }
}

function troubleOf(xhr) {
  if (xhr.status === 404) return new Trouble("failed", { passing: true, forgotten: true });
  if (xhr.status === 400 || !xhr.getResponseHeader("Tus-Resumable")) return new Trouble(xhr.status < 500 ? "outside" : "failed");
  const passing = xhr.status === 409 || xhr.status === 503;
  const said = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") && xhr.responseText;
  return new Trouble(said ? "" : "failed", { sentence: said || "", passing });
}

/** The answer, or a `Trouble`. `line.request` can be aborted meanwhile; `progress` hears the bytes. */
export function ask(token, method, address, headers, body, line, progress) {
  return new Promise((resolve, reject) => {
    const xhr = (line.request = new XMLHttpRequest());
    xhr.open(method, address);
    for (const [name, text] of Object.entries({ ...headers, "Tus-Resumable": "1.0.0", "X-CSRFToken": token })) {
      xhr.setRequestHeader(name, text);
    }
    if (progress) xhr.upload.addEventListener("progress", (event) => progress(event.loaded));
    xhr.addEventListener("load", () => {
      const fine = xhr.status < 300 && xhr.getResponseHeader("Tus-Resumable");
      if (fine) resolve(xhr);
      else reject(troubleOf(xhr));
    });
    for (const end of ["error", "abort", "timeout"]) {
      xhr.addEventListener(end, () => reject(new Trouble("lost", { passing: true })));
    }
    xhr.send(body);
  });
}

/** What is said of a file: names, each with a text in Base64. */
export function metadata(told) {
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(told)
    .map(([name, text]) => `${name} ${base64(text)}`.trim())
    .join(",");
}
