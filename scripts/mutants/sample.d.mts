export interface MutantResult {
  readonly mutatorName: string;
  readonly status: string;
}

export function isSampled(name: string, share: number, seed: number): boolean;
export function wilsonInterval(noticed: number, tried: number): [lowest: number, highest: number];
export function summary(results: readonly MutantResult[], isSample: boolean): string;
