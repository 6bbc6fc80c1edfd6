/** The page that stands in the console's place after it crashed or hung: words alone, and the way back. */
import "./theme/fonts.css";
import "./theme/tokens.css";
import "./crash.css";

const whats: Readonly<Record<string, string>> = {
  crashed: "This window crashed",
  hung: "This window did not answer",
  memory: "This window ran out of memory",
};

const asked = new URLSearchParams(location.search);
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.documentElement.dataset.mantineColorScheme = dark.matches ? "dark" : "light");
dark.addEventListener("change", follow);
follow();

say("what", whats[asked.get("why") ?? ""] ?? "This window crashed");
say(
  "next",
  asked.get("next") === "wait"
    ? "It crashed three times within a minute, so it does not reload by itself."
    : "It reloads by itself in a moment.",
);
// Back to the screen that it showed; a crash that a screen brings about is left by the panel.
const isRepeated = asked.get("next") === "wait";
document.getElementById("reload")?.setAttribute("href", `./${isRepeated ? "" : location.hash}`);

function say(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}
