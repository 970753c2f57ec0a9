/** What asks a process to come to an end: Ctrl-C, whoever supervises it, and a terminal or connection that was closed. */
export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
