/** What happens to a shared circuit happens here, in Redis, in one step, and by the time of Redis alone. */

/**
 * KEYS: the circuit (a hash), its probes under way (a sorted set of leases by when they end). ARGV: an `Ask`, the channel.
 * Answers with a `Snapshot`; every change is published as one. Texts in `detail` are JSON that is passed on unread.
 */
export const circuitScript = `
local clock = redis.call("TIME")
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local ask = cjson.decode(ARGV[1])
local mine = ask.mine

local circuit = {}
local stored = redis.call("HGETALL", KEYS[1])
for i = 1, #stored, 2 do circuit[stored[i]] = stored[i + 1] end
for _, name in ipairs({ "generation", "version", "failures", "successes", "openedAt" }) do
  circuit[name] = tonumber(circuit[name])
end

-- A process that was killed, or that slept, has lost its places.
local changed = redis.call("ZREMRANGEBYSCORE", KEYS[2], "-inf", now) > 0

local function because(how, count, detail)
  local call, instance = ask.call, ask.instance
  return cjson.encode({ at = now, how = how, count = count, detail = detail, call = call, instance = instance })
end

local function become(kind, how, count, detail)
  circuit.last = because(how, count, detail)
  circuit.kind = kind
  circuit.generation = circuit.generation + 1
  circuit.failures = 0
  circuit.successes = 0
  circuit.openedAt = now
  redis.call("DEL", KEYS[2])
  changed = true
end

local strictness = { closed = 0, ["half-open"] = 1, open = 2 }
local function isMineStricter()
  if mine.kind ~= circuit.kind then return strictness[mine.kind] > strictness[circuit.kind] end
  if mine.kind == "open" then return now - mine.openMs > circuit.openedAt end
  return mine.kind == "closed" and mine.failures > circuit.failures
end

local isSameEra = circuit.era ~= nil and circuit.era == ask.era
if not circuit.era or (isSameEra and ask.version > circuit.version) then
  -- Redis has lost it, or has gone back to an older copy.
  circuit = {
    era = ask.era, generation = ask.generation + (ask.diverged and 1 or 0), version = ask.version,
    kind = mine.kind, failures = mine.failures, successes = 0, openedAt = now - mine.openMs,
    last = mine.cause and because("told", 0, mine.cause),
  }
  changed = true
elseif (ask.diverged or not isSameEra) and isMineStricter() then
  -- Those who lost touch with one another agree on the stricter state.
  if mine.kind ~= circuit.kind then become(mine.kind, "told", 0, mine.cause) end
  circuit.failures = mine.failures
  circuit.openedAt = now - mine.openMs
  changed = true
end

if circuit.kind == "open" and (ask.op == "admit" or ask.op == "look") and now >= circuit.openedAt + ask.timeoutMs then
  become("half-open", "timeout-elapsed", 0)
end

local granted = false
if ask.op == "admit" and circuit.kind == "half-open" and redis.call("ZCARD", KEYS[2]) < ask.places then
  redis.call("ZADD", KEYS[2], now + ask.leaseMs, ask.lease)
  granted = true
  changed = true
elseif ask.op == "renew" then
  for _, lease in ipairs(ask.leases) do redis.call("ZADD", KEYS[2], "XX", now + ask.leaseMs, lease) end
elseif ask.op == "move" then
  become(ask.kind, "told", 0, ask.detail)
elseif ask.op == "settle" then
  local holds = circuit.kind ~= "half-open" or redis.call("ZREM", KEYS[2], ask.lease or "") == 1
  if ask.era == circuit.era and ask.generation == circuit.generation and holds then
    changed = true
    if circuit.kind == "closed" then
      if ask.verdict == "failure" then circuit.failures = circuit.failures + 1 else circuit.failures = 0 end
      if circuit.failures >= ask.failureThreshold then become("open", "failures", circuit.failures, ask.detail) end
    elseif ask.verdict == "failure" then
      become("open", "probe-failed", 0, ask.detail)
    elseif ask.verdict == "success" then
      circuit.successes = circuit.successes + 1
      if circuit.successes >= ask.successThreshold then become("closed", "probe-succeeded", circuit.successes) end
    end
  end
end

if changed then
  circuit.version = circuit.version + 1
  for name, value in pairs(circuit) do redis.call("HSET", KEYS[1], name, value) end
end
local nextEnd = redis.call("ZRANGE", KEYS[2], 0, 0, "WITHSCORES")[2]
local snapshot = {
  key = KEYS[1], era = circuit.era, generation = circuit.generation, version = circuit.version,
  kind = circuit.kind, failures = circuit.failures, successes = circuit.successes,
  inFlight = redis.call("ZCARD", KEYS[2]), openMs = now - circuit.openedAt,
  leaseMs = nextEnd and nextEnd - now or 0, granted = granted, last = circuit.last,
}
if changed then redis.call("PUBLISH", ARGV[2], cjson.encode(snapshot)) end
return cjson.encode(snapshot)
`;

/** KEYS: the instances (a sorted set by when they count as gone). ARGV: this one, milliseconds. Answers with how many there are. */
export const presenceScript = `
local clock = redis.call("TIME")
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now)
if tonumber(ARGV[2]) > 0 then redis.call("ZADD", KEYS[1], now + ARGV[2], ARGV[1]) else redis.call("ZREM", KEYS[1], ARGV[1]) end
return redis.call("ZCARD", KEYS[1])
`;
