import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [process.env["TAP_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = places.find((place) => place !== undefined && existsSync(place));

/** Why these tests are skipped, or undefined. In CI a missing part is a failure. */
export const missingInWords =
  executablePath === undefined ? "Chromium is not installed (Debian: apt-get install chromium; elsewhere: TAP_CHROMIUM=path)" : undefined;
if (missingInWords !== undefined && process.env["TAP_REQUIRE_REAL_PARTS"] === "1") throw new Error(missingInWords);

export function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(missingInWords);
  // As root, in a container, Chromium cannot make its own sandbox; the page under test is ours.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync", "--disable-component-update"];
  return chromium.launch({ executablePath, args });
}
