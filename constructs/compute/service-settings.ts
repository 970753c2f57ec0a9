/** What blueprint, user and sizing say of a container service. */
export interface ServiceSettings {
  /** `tap-{suffix}-{key}` is its name. */
  readonly key: string;
  /** `repository:tag` or `repository@digest`. */
  readonly image: string;
  /** Instead of the image's own. */
  readonly command?: readonly string[];
  /** Key of the load balancer's target group that it answers for. */
  readonly targetGroup: string;
  /** CPU of a task in units of which 1024 are one vCPU. */
  readonly cpu: number;
  readonly memoryMib: number;
  readonly minCount: number;
  readonly desiredCount: number;
  readonly maxCount: number;
  /** Percent, mean of the tasks, that target tracking holds the service at. */
  readonly cpuPercent: number;
  /** Whether tasks take shells through ECS Exec. */
  readonly shellAccess: boolean;
  readonly logRetentionDays: number;
}

/** Where a task may write, although its file system is read-only. It is gone with the task. */
export const scratchFolder = "/scratch";

/** Small, public, and of every architecture: its page server takes the place of an application that is not there yet. */
const firstImage = "public.ecr.aws/docker/library/busybox:1.37.0";

/** Until an application is given, a page server answers the health checks, so that the very first deployment comes into service. */
export function firstPage(port: number, healthPath: string): Pick<ServiceSettings, "image" | "command"> {
  const page = `${scratchFolder}${healthPath}`;
  return { image: firstImage, command: ["sh", "-c", `mkdir -p "$(dirname ${page})" && echo ok > ${page} && exec httpd -f -p ${port} -h ${scratchFolder}`] };
}
