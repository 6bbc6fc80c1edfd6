// Under mutation each property is tried for a short time: `npm test` gives it all its runs.
import fc from "fast-check";

fc.configureGlobal({ interruptAfterTimeLimit: 2_000 });
