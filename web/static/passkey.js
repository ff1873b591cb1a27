// Passkeys: a button in a form asks the browser for one, and the form sends what it answers.
//
// The button is shown where the browser knows passkeys. Everything else is the server's: what is
// asked comes from the address in data-passkey, and the form goes where it would go anyway.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const keys = (list = []) => list.map((key) => ({ ...key, id: bytes(key.id) }));

/** What the browser makes or finds for what the server asks; the person sees the browser's own questions. */
function credential(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) {
    publicKey.user = { ...asked.user, id: bytes(asked.user.id) };
    publicKey.excludeCredentials = keys(asked.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  }
  publicKey.allowCredentials = keys(asked.allowCredentials);
  return navigator.credentials.get({ publicKey });
}

/** The same in letters. */
function spelled({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const there = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  const transports = response.getTransports?.() ?? [];
  return JSON.stringify({
    id,
    rawId: text(rawId),
    type,
    response: { ...Object.fromEntries(there), transports },
  });
}

function begin(box) {
  const { form } = box.querySelector("button");
  const [field, button, problem] = ["input", "button", ".error"].map((part) => box.querySelector(part));

  async function ask() {
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
    const answer = await fetch(box.dataset.passkey, { method: "POST", body });
    // Whoever has to prove first who they are is led to where that is asked.
    if (answer.redirected) return location.assign(answer.url);
    field.value = spelled(await credential(await answer.json()));
    form.submit();
  }

  // Where the passkey is all that the form is for, what else it asks comes first.
  const alone = !form.querySelector("[type=submit]");

  async function press() {
    if (alone && !form.reportValidity()) return;
    problem.hidden = button.disabled = true;
    try {
      await ask();
    } catch {
      problem.hidden = false;
    }
    button.disabled = false;
  }

  button.addEventListener("click", press);
  form.addEventListener("submit", (event) => {
    field.value = "";
    if (event.submitter) return;
    // A form without another button, in which somebody pressed Enter.
    event.preventDefault();
    press();
  });
  box.hidden = false;
}

if ("PublicKeyCredential" in window) {
  document.querySelectorAll("[data-passkey]").forEach(begin);
  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = true;
}
