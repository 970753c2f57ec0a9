import { mutation, query, type ServiceHandlers } from "../../service-handler.ts";
import { createLaunchTemplateVersion } from "./create-launch-template-version.ts";
import { describeTags } from "./describe-tags.ts";
import { describeLaunchTemplates, describeLaunchTemplateVersions } from "./describe-launch-templates.ts";

export const ec2Handlers = {
  DescribeLaunchTemplates: query(describeLaunchTemplates),
  DescribeLaunchTemplateVersions: query(describeLaunchTemplateVersions),
  DescribeTags: query(describeTags),
  CreateLaunchTemplateVersion: mutation(createLaunchTemplateVersion),
} satisfies ServiceHandlers;
