/** Where everything stands on the map: callers at the left, Switchgear, then the servers in columns, each hung on a busbar. */

export type MapSize = { width: number; height: number };
export type MapPlace = { x: number; y: number };
export type ServerPlace = MapPlace & { busX: number; isFirstColumn: boolean };
export type MapLayout = {
  callers: MapPlace[];
  hub: MapPlace;
  servers: ServerPlace[];
  /** The height at which the busbar crosses above the columns. */
  crossY: number;
  card: MapSize;
};

export const callerCard: MapSize = { width: 212, height: 44 };
export const hubCard: MapSize = { width: 176, height: 116 };
const largeCard: MapSize = { width: 216, height: 52 };
const smallCard: MapSize = { width: 156, height: 30 };
/** From so many servers on, their cards are small. */
const many = 18;

const callerGap = 12;
const hubGap = 64;
/** Between a busbar and its cards there is room for the sign of the circuit. */
const stub = 48;
const columnGap = 16;

/** @param room what the map may fill; the columns are as many as let it be seen largest */
export function layoutMap(callers: number, servers: number, room: MapSize): MapLayout {
  const card = servers > many ? smallCard : largeCard;
  const pitch = { x: card.width + stub + columnGap, y: card.height + (servers > many ? 6 : 14) };
  const hubX = callerCard.width + hubGap;
  const firstBus = hubX + hubCard.width + 32;
  const rows = Math.ceil(servers / bestColumns(servers, firstBus, pitch, room));
  const callersHeight = callers * (callerCard.height + callerGap) - callerGap;
  const serversHeight = rows * pitch.y - (pitch.y - card.height);
  const middle = Math.max(callersHeight, serversHeight, hubCard.height) / 2;
  const top = middle - serversHeight / 2;
  return {
    card,
    hub: { x: hubX, y: middle - hubCard.height / 2 },
    crossY: top - 20,
    callers: Array.from({ length: callers }, (_, index) => ({
      x: 0,
      y: middle - callersHeight / 2 + index * (callerCard.height + callerGap),
    })),
    servers: Array.from({ length: servers }, (_, index) => {
      const column = Math.floor(index / rows);
      const busX = firstBus + column * pitch.x;
      return { busX, x: busX + stub, y: top + (index % rows) * pitch.y, isFirstColumn: column === 0 };
    }),
  };
}

function bestColumns(servers: number, left: number, pitch: MapPlace, room: MapSize): number {
  let best = { columns: 1, scale: 0 };
  for (let columns = 1; columns <= Math.min(servers, 12); columns += 1) {
    const width = left + columns * pitch.x;
    const height = Math.ceil(servers / columns) * pitch.y;
    const scale = Math.min(1, room.width / width, room.height / height);
    if (scale > best.scale) best = { columns, scale };
  }
  return best.columns;
}

/** The way from Switchgear to a server's card: along the busbar, which the others share, and the stub, which is its own. */
export function feederPaths({ hub, crossY, card }: MapLayout, server: ServerPlace): { bus: string; stub: string } {
  const from = { x: hub.x + hubCard.width, y: hub.y + hubCard.height / 2 };
  const y = server.y + card.height / 2;
  const start = `M${from.x} ${from.y}H${from.x + 32}`;
  const bus = server.isFirstColumn ? `${start}V${y}` : `${start}V${crossY}H${server.busX}V${y}`;
  return { bus, stub: `M${server.busX} ${y}H${server.x}` };
}

/** The way from a caller's card to Switchgear. */
export function callerPath({ hub }: MapLayout, caller: MapPlace): string {
  const y = caller.y + callerCard.height / 2;
  const bend = hub.x - hubGap / 2;
  return `M${caller.x + callerCard.width} ${y}H${bend}V${hub.y + hubCard.height / 2}H${hub.x}`;
}
