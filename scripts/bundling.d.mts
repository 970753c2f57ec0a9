import type { BuildOptions } from "esbuild";

export const optimizerBundle: BuildOptions;
export function optimizerScripts(folder: string, names: readonly string[]): BuildOptions;
export const scriptsPackage: string;
