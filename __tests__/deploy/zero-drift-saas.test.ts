import { testZeroDrift } from "./zero-drift/blueprint-suite.ts";

/**
 * Rules: dynamodb.unused-gsi, asg.instance-type, asg.capacity, redis.size, aurora.writer-class, aurora.reader-count, aurora.backup-retention.
 */
testZeroDrift("saas");
