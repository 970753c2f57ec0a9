/** CreateLaunchTemplateVersion copied from the version the group uses, with another instance type. State: the latest version's type. */
export interface TemplateVersionTypeChange {
  readonly kind: "ec2.launch-template-version";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly launchTemplateId: string;
  readonly before: { readonly instanceType: string };
  readonly after: { readonly instanceType: string };
}

/** UpdateAutoScalingGroup to the template's latest version. State: the instance type of the version the group references. */
export interface GroupTemplateChange {
  readonly kind: "asg.launch-template";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly launchTemplateId: string;
  readonly before: { readonly instanceType: string };
  readonly after: { readonly instanceType: string };
}

/** StartInstanceRefresh (a running refresh of another aim is cancelled first). State: the type all instances in service have. */
export interface InstanceRefreshChange {
  readonly kind: "asg.instance-refresh";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly before: { readonly instanceType: string };
  readonly after: { readonly instanceType: string };
}
