// Preloaded into programs of others, the suite among them: they name no address, which would be every interface, and ask for their
// port at once, so that none can be looked up for them. Where Node changes what is used here, nothing listens at all.
import { Server } from "node:net";

const bind = Reflect.get(Server.prototype, "_listen2");
if (typeof bind !== "function") throw new Error("This Node binds listeners in another way.");

/** @this {Server} */
Reflect.set(Server.prototype, "_listen2", function bindToLoopback(address, port, family, ...rest) {
  const isAnywhere = address === null && family !== -1;
  return bind.call(this, ...(isAnywhere ? ["127.0.0.1", port, 4] : [address, port, family]), ...rest);
});

const listen = Reflect.get(Server.prototype, "listen");

/** @this {Server} */
Reflect.set(Server.prototype, "listen", function listenOnLoopback(...args) {
  Reflect.apply(listen, this, args);
  const bound = this.address();
  if (bound === null || typeof bound === "string" || bound.address === "127.0.0.1") return this;
  this.close();
  throw new Error(`A listener at ${bound.address} is not on loopback.`);
});
