import { isRegion } from "./region-names.ts";

/** An ARN by its parts; region and account are absent where they are empty or no such thing. */
export interface Arn {
  readonly text: string;
  readonly partition: string;
  readonly service: string;
  readonly region?: string;
  /** Twelve digits. `aws`, as in arn:aws:iam::aws:policy/…, is nobody's account, and neither is what a redaction left. */
  readonly account?: string;
  readonly resource: string;
}

const arnWithin = /arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):([^:\s"']{0,64}):([^\s"'<>,;)\]}]+)/g;

/** Names of Auto Scaling groups may hold blanks and brackets, which end an ARN elsewhere in a text. */
const groupArn = /^(arn:aws[a-z-]*:autoscaling:[a-z0-9-]+:\d{12}:autoScalingGroup:[0-9a-z-]+:autoScalingGroupName\/)[^\p{Cc}:]{1,255}$/u;

/** The ARN that the whole text is. */
export function arnOf(text: string): Arn | undefined {
  const [first] = arnsWithin(text);
  if (first === undefined || first.text === text) return first;
  const start = groupArn.exec(text)?.[1];
  return start === undefined || !first.text.startsWith(start) ? undefined : { ...first, text, resource: text.slice(text.indexOf("autoScalingGroup:")) };
}

/** All ARNs of a text: links to the console and policies hold some. */
export function arnsWithin(text: string): readonly Arn[] {
  if (!text.includes("arn:")) return [];
  return [...text.matchAll(arnWithin)].map(([whole, partition = "", service = "", region = "", account = "", resource = ""]) => ({
    text: whole,
    partition,
    service,
    ...(isRegion(region) ? { region } : {}),
    ...(/^\d{12}$/.test(account) ? { account } : {}),
    resource,
  }));
}
