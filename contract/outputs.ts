import { z } from "zod";
import { componentsSchema } from "./components.ts";

const text = z.string().min(1);
const texts = z.array(text);

/** A table as the stacks publish it; a table without a stream has no `stream_arn`. */
export const tableOutputSchema = z.strictObject({ name: text, arn: text, stream_arn: text.optional() });

/**
 * The outputs of one stack: what `terraform output -json` prints, and the contract between stacks and optimizer.
 * An absent component has no output. No secret is ever an output.
 */
export const stackOutputsSchema = z.object({
  stack_region: text,
  environment_suffix: text,
  /** Terraform stack, e.g. `primary`: what tells `terraform output -json` of several stacks apart. */
  stack_name: text.optional(),
  vpc_id: text.optional(),
  public_subnet_ids: texts.optional(),
  private_subnet_ids: texts.optional(),
  isolated_subnet_ids: texts.optional(),
  alb_arn: text.optional(),
  alb_dns_name: text.optional(),
  alb_full_name: text.optional(),
  /** `HTTP` where a staging environment has no certificate. */
  alb_protocol: z.enum(["HTTP", "HTTPS"]).optional(),
  target_group_full_names: texts.optional(),
  asg_name: text.optional(),
  asg_arn: text.optional(),
  launch_template_id: text.optional(),
  ecs_cluster_name: text.optional(),
  ecs_service_names: texts.optional(),
  function_names: texts.optional(),
  dynamodb_tables: z.record(text, tableOutputSchema).optional(),
  aurora_cluster_id: text.optional(),
  aurora_endpoint: text.optional(),
  aurora_reader_endpoint: text.optional(),
  aurora_secret_arn: text.optional(),
  aurora_global_cluster_id: text.optional(),
  redis_replication_group_id: text.optional(),
  redis_configuration_endpoint: text.optional(),
  redis_auth_secret_arn: text.optional(),
  rds_instance_id: text.optional(),
  rds_endpoint: text.optional(),
  rds_address: text.optional(),
  rds_secret_arn: text.optional(),
  data_bucket_name: text.optional(),
  data_bucket_arn: text.optional(),
  logs_bucket_name: text.optional(),
  logs_bucket_arn: text.optional(),
  kms_key_arn: text.optional(),
  kms_key_id: text.optional(),
  components: componentsSchema.optional(),
  /** The same identifiers under `tap-{suffix}-{resource}-{attribute}`. */
  exports: z.record(text, text).optional(),
});

export type StackOutputs = z.infer<typeof stackOutputsSchema>;
export type OutputName = keyof StackOutputs;
