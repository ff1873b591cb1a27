// Which files this browser has begun to send, so that they go on where they stopped, even tomorrow
// morning. A file is known by a hash: nobody reads here what it is called.

const PREFIX = "upload:";
const A_DAY = 24 * 3600 * 1000;

async function nameOf(known) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(known));
  return PREFIX + [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {}; // nothing can be kept in this browser, or something else stands there
  }
}

/** Where the file was being sent to, or "". */
export async function remembered(known) {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    if (!(read(name).at > Date.now() - A_DAY)) localStorage.removeItem(name);
  }
  return read(await nameOf(known)).place ?? "";
}

export async function remember(known, place) {
  try {
    localStorage.setItem(await nameOf(known), JSON.stringify({ place, at: Date.now() }));
  } catch {
    // Then it begins anew after the page is left.
  }
}

export async function forget(known) {
  localStorage.removeItem(await nameOf(known));
}
