// Loaded before a peer: whatever it listens on, it listens on loopback.
import { Server } from "node:net";

const { listen } = Server.prototype;
/** @this {Server} @param {any[]} args */
Server.prototype.listen = function (...args) {
  const callback = args.find((each) => typeof each === "function");
  const [first] = args;
  const port = typeof first === "object" && first !== null ? first.port : first;
  return listen.call(this, { port: Number(port), host: "127.0.0.1" }, callback);
};
