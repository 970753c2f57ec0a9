/** `world.json` says which account a state folder is about; it is written before there is any plan or run. */
export const worldFileName = "world.json";

/** Everything the optimizer makes in a state folder. Whatever else lies there, such as the folder of a demo, is somebody else's. */
export const stateEntries: readonly string[] = [
  "home.json",
  "locks",
  "marks",
  "open",
  "plans",
  "reports",
  "runs",
  "simulation",
  "sizing",
  "version.json",
  worldFileName,
];
