import { testZeroDrift } from "./zero-drift/blueprint-suite.ts";

/**
 * Rules: rds.instance-class, rds.backup-retention.
 */
testZeroDrift("web");
