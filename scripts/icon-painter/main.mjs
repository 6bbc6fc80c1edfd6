// Paints the SVGs of the file that `ICON_JOBS` names into PNGs, by Chromium: each job is `{ svg, size, scale, file }`.
import { readFileSync, writeFileSync } from "node:fs";
import { app, BrowserWindow } from "electron";

/** Runs in the page. @param {{ svg: string, size: number, scale: number }} job */
const paint = async ({ svg, size, scale }) => {
  const image = new Image();
  image.src = `data:image/svg+xml;base64,${btoa(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const drawn = Math.round(size * scale);
  const edge = (size - drawn) / 2;
  canvas.getContext("2d")?.drawImage(image, edge, edge, drawn, drawn);
  return canvas.toDataURL("image/png");
};

async function paintAll() {
  const jobs = JSON.parse(readFileSync(process.env.ICON_JOBS ?? "", "utf8"));
  const window = new BrowserWindow({ show: false });
  await window.loadURL("about:blank");
  for (const job of jobs) {
    const url = await window.webContents.executeJavaScript(`(${String(paint)})(${JSON.stringify(job)})`);
    writeFileSync(job.file, Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
  }
  app.exit(0);
}

void app.whenReady().then(paintAll);
