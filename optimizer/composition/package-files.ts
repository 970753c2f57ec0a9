/**
 * What this installation reads or runs as a file: a checkout builds it of its sources when they change (scripts/bundle-optimizer.mjs),
 * an installed package brings it built (scripts/packaged-optimizer.mjs).
 */
export interface PackageFiles {
  /** The program that synthesizes the stacks. */
  readonly synthesis: string;
  /** The source of Plotly's cartesian bundle, which holds pie and heat map too (MIT). */
  readonly plottingLibrary: string;
  /** Where synthesis looks for `tap.config.json`: the checkout, or the folder of whoever uses the package. */
  readonly settingsFolder: string;
}
