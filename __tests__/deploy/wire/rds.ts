import type { RdsChange } from "../../../optimizer/core/levers/rds/changes.ts";
import type { TrialOf } from "./trial.ts";

/** The server's extension knows how members of clusters change, and not yet how an instance of its own does. */
const membersAlone = "on the local server only members of clusters take AWS's time and refusals";

export const rdsTrials: { readonly [C in RdsChange as C["kind"]]: TrialOf<C> } = {
  "rds.instance-backup-retention": { notOnLocalAws: membersAlone },
  "rds.standalone-class": { notOnLocalAws: membersAlone },
};
