import { withAbort } from "../../core/servers/with-abort.ts";
import { operator } from "../answer-tickets.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { inert } from "../text.ts";

/** Prints where to sign in, on standard output, and waits until the browser was there and is back. */
export async function signIn(context: CommandContext, server: string): Promise<ExitCode> {
  const { terminal, signal } = context;
  return withCore(context, async (core) => {
    const request = await withAbort(core.signIns.begin(server, operator), signal);
    const finished = core.signIns.finished(server);
    const { host, scopes, redirectUri } = request;
    const { port } = new URL(redirectUri);
    terminal.say(`Open this address, if you trust ${inert(host)}:`);
    terminal.print(request.url);
    terminal.say(scopes.length > 0 ? `It asks for: ${inert(scopes.join(", "))}.` : "It asks for no scope by name.");
    terminal.say(`The browser comes back to ${redirectUri}, within five minutes.`);
    terminal.say(
      `Where it runs on another machine, forward the port there first: ssh -L ${port}:127.0.0.1:${port} HOST`,
    );
    await withAbort(finished, signal);
    terminal.say(`Signed in to ${server}.`);
    return exitCode.done;
  });
}

/** Gives a server's tokens back. */
export async function signOut(context: CommandContext, server: string): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const { revoked, reason } = await core.signIns.signOut(server, operator);
    if (revoked) terminal.say(`Signed out of ${server}: its tokens were given back.`);
    else
      terminal.say(
        reason === null ? `Nobody was signed in to ${server}.` : `Signed out of ${server}: ${inert(reason)}`,
      );
    return exitCode.done;
  });
}
