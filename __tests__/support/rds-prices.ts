const hourlyUsd: Readonly<Record<string, number>> = {
  "db.m6g.2xlarge": 0.608,
  "db.m6g.xlarge": 0.304,
  "db.m6g.large": 0.152,
  "db.t3.large": 0.136,
  "db.t3.medium": 0.068,
  "db.t3.small": 0.034,
};

/** MySQL in any region; a standby is a second instance. */
export function rdsHourly(_region: string, _engine: string, instanceClass: string, multiAz: boolean): number | null {
  const price = hourlyUsd[instanceClass];
  return price === undefined ? null : price * (multiAz ? 2 : 1);
}
