import { describe, expect, it } from "vitest";
import { MessageMeter } from "./message-meter.ts";

const passes = (meter: MessageMeter, text: string) => meter.push(Buffer.from(text));

describe("MessageMeter", () => {
  it("bounds a body as a whole", () => {
    const meter = new MessageMeter(10, false);
    expect(passes(meter, "12345\n\n")).toBe(true);
    expect(passes(meter, "890")).toBe(true);
    expect(passes(meter, "1")).toBe(false);
  });

  it.each(["\n", "\r\n"])("bounds a stream event by event (%j)", (end) => {
    const meter = new MessageMeter(20, true);
    const event = `data: 123${end}${end}`;
    for (let n = 0; n < 100; n += 1) expect(passes(meter, event + event)).toBe(true);
    expect(passes(meter, `data: 1${end}data: 2${end}data: 3${end}`)).toBe(false);
  });

  it("finds the end of an event that is cut in the middle", () => {
    const meter = new MessageMeter(12, true);
    for (const part of ["data: 1\n", "\n", "data: 2\n", "\nda", "ta: 3", "\n", "\ndata: 4"]) {
      expect(passes(meter, part)).toBe(true);
    }
    expect(passes(meter, "567890")).toBe(false);
  });
});
