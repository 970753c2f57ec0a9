/** Where functions write in the data bucket. Each has a prefix of its own, so that what one writes calls no other by mistake. */
export const changesPrefix = "changes/";
export const summariesPrefix = "summaries/";
export const exportsPrefix = "exports/";
