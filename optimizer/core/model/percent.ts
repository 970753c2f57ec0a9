/**
 * A share of 1 in per cent: `26 %`, `0.4 %`, `0.02 %`, with as many digits as it deserves. Beside a limit that it must be told from,
 * `decimals` says how many both have at most.
 */
export function percent(share: number, decimals = digitsOf(Math.abs(share * 100))): string {
  return `${Number((share * 100).toFixed(decimals))} %`;
}

function digitsOf(size: number): number {
  if (size === 0 || size >= 10) return 0;
  if (size >= 1) return 1;
  return size >= 0.1 ? 2 : 3;
}
