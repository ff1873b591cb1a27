// Files as people choose or drop them, each with the folders in which it lies, "" or "2026/bank";
// and how large they are said to be.

const foldersOf = (path) => path.split("/").slice(0, -1).join("/");

/** What was chosen in a field for files, or for a folder. */
export function chosen(field) {
  return [...field.files].map((file) => ({ file, folders: foldersOf(file.webkitRelativePath ?? "") }));
}

/** What was dropped, folders with all that is in them. */
export async function dropped(transfer) {
  // Entries are there only until the event has ended: all are taken before the first is read.
  const found = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const files = await Promise.all(found.map((one) => (one instanceof File ? [{ file: one, folders: "" }] : within(one))));
  return files.flat();
}

async function within(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    return file ? [{ file, folders: foldersOf(entry.fullPath.slice(1)) }] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (!some.length) break; // they come a hundred at a time
    for (const one of some) found.push(...(await within(one)));
  }
  return found;
}

/** A number of bytes as people say it: as `file_size` on the server. */
export function said(size) {
  let [amount, unit] = [size, "B"];
  for (const larger of ["kB", "MB", "GB"]) {
    if (amount < 1000) break;
    [amount, unit] = [amount / 1000, larger];
  }
  const digits = amount < 10 && unit !== "B" ? 1 : 0;
  const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits });
  return `${shown.format(amount)} ${unit}`;
}
