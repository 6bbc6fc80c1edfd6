const texts = {
  "signed-in": { title: "Back to Switchgear", text: "The browser has done its part. You can close this tab." },
  refused: { title: "Not signed in", text: "The sign-in was refused. Switchgear says why; you can close this tab." },
  "not-expected": {
    title: "Not expected",
    text: "This answer belongs to no sign-in that is under way. Begin again in Switchgear.",
  },
  "wrong-place": { title: "Nothing here", text: "Switchgear waits here for a sign-in, and for nothing else." },
};

/** What the browser shows when it comes back: fixed words, and nothing that it brought. */
export function redirectPage(page: keyof typeof texts): string {
  const { title, text } = texts[page];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh; margin: 0 2rem; }
  h1 { font-size: 1.25rem; margin: 0; }
  p { margin: 0.25rem 0 0; opacity: 0.75; }
</style>
<h1>${title}</h1>
<p>${text}</p>
</html>
`;
}
