/** Secrets that stand in a setting as they are: what they are is told by the names beside them, and by where they stand in a URL. */

import { mask } from "./redact.ts";
import { isSecretReference } from "./resolve.ts";
import { isSensitiveName, isSensitiveParameter } from "./sensitive-name.ts";

/** Hears of each secret that is masked. */
type Tell = (secret: string) => void;

const nobody: Tell = () => {};

const url = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
const userInfo = /(?<=:\/\/)[^/?#]*(?=@)/;
/** Where the text is no URL, such as one with several hosts and ports, no part of it can be told for certain. */
const userInfoOfAny = /(?<=:\/\/).*(?=@)/;
const parameter = /(?<=[?&#])([^=&#]+)=([^&#]+)/g;
/** A user name that stands alone, or is as long as this, may be a token. */
const tokenLength = 20;

/** Masks user info and the values of sensitive parameters in every URL of the text. */
export function maskUrls(text: string, tell: Tell = nobody): string {
  return text.replace(url, (found) => {
    const masked = found.replace(URL.canParse(found) ? userInfo : userInfoOfAny, (info) => {
      tellUserInfo(info, tell);
      return info === "" ? "" : mask;
    });
    return masked.replace(parameter, (whole, name: string, value: string) => {
      if (!isSensitiveParameter(decoded(name)) || isSecretReference(value)) return whole;
      tellEncoded(value, tell);
      return `${name}=${mask}`;
    });
  });
}

/** Masks in each word of a command line: URLs, `--token x`, and all that follows `TOKEN=` or `Authorization:`. References stay. */
export function maskWords(words: readonly string[], tell: Tell = nobody): string[] {
  return words.map((word, index) => {
    if (isSecretReference(word)) return word;
    if (!isSecretFlag(words[index - 1])) return maskAssignment(maskUrls(word, tell), tell);
    tellValue(word, tell);
    return mask;
  });
}

/** Tells the value of a setting that is secret by its name; of `Bearer abc`, the token too. */
export function tellValue(value: string, tell: Tell): void {
  tell(value);
  tell(value.slice(value.lastIndexOf(" ") + 1));
}

function isSecretFlag(word: string | undefined): boolean {
  return word !== undefined && /^--?[^=:\s]+$/.test(word) && isSensitiveName(word.replace(/^-+/, ""));
}

function maskAssignment(word: string, tell: Tell): string {
  // Not what a URL holds: its parameters are masked one by one.
  for (const { 0: assigned, 1: name = "", index } of word.matchAll(/(?<![?&#\w.-])([\w.-]+)["']?\s*[:=]\s*/g)) {
    // `-eTOKEN=x`: a short flag and its value may be one word.
    if (!isSensitiveName(name) && !isSensitiveName(name.replace(/^-\w/, ""))) continue;
    const start = index + assigned.length;
    const rest = word.slice(start);
    if (rest === "") continue;
    tellValue(/^(["'])(.*?)\1/s.exec(rest)?.[2] ?? rest, tell);
    return word.slice(0, start) + mask;
  }
  return word;
}

function tellUserInfo(info: string, tell: Tell): void {
  const [user = "", password = ""] = info.split(/:(.*)/s);
  if (password !== "") tellEncoded(password, tell);
  if (password === "" || user.length >= tokenLength) tellEncoded(user, tell);
}

function tellEncoded(text: string, tell: Tell): void {
  tell(text);
  tell(decoded(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
