/** A program: MCP servers over HTTP and WebSocket that are well and do nothing. Tells where they are, and ends with its parent. */
import { startHttpFaultServer } from "../e2e/faults/http-server.ts";
import { startWebSocketFaultServer } from "../e2e/faults/websocket-server.ts";

const answer = (call: { answer: (text: string) => void }) => call.answer("");
const [http, webSocket] = await Promise.all([
  startHttpFaultServer({ onCall: answer }),
  startWebSocketFaultServer(answer),
]);
process.on("disconnect", () => process.exit());
process.send?.({ http: http.url, webSocket: `ws://127.0.0.1:${webSocket.port}` });
