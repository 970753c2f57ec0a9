import { testZeroDrift } from "./zero-drift/blueprint-suite.ts";

/**
 * Rules: dynamodb.billing-mode, s3.lifecycle, ecs.service, lambda.function, aurora.serverless-capacity.
 */
testZeroDrift("streaming");
