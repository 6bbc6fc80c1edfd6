/** Cuts what comes in pieces into lines. @returns what is to be handed each piece */
export function lines(take: (line: string) => void): (piece: string) => void {
  let rest: string[] = [];
  return (piece) => {
    let from = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", from)) {
      rest.push(piece.slice(from, end));
      from = end + 1;
      const line = rest.join("");
      rest = [];
      take(line);
    }
    if (from < piece.length) rest.push(piece.slice(from));
  };
}
