import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
} from "@aws-sdk/client-ecs";
import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import { taskText } from "../../../core/levers/ecs/task-size.ts";
import { oncePerValue } from "../../../core/model/once.ts";
import { type OtherSize, otherSizes, type SizeChange } from "../../../core/sizing/sizes-before.ts";
import { answered } from "../answered.ts";
import { ResourceGone, UnsupportedResource } from "../resource-gone.ts";
import type { ServicePlace } from "./read-service.ts";
import { readDefinition } from "./task-definition.ts";

interface Running extends ServicePlace {
  readonly size: TaskSize;
  readonly createdMs: number | undefined;
}

/** AWS describes so many revisions a call. */
const revisionsPerCall = 20;
/** Of a service that is deployed every hour these are three weeks. */
const mostDeployments = 500;
const hourMs = 3_600_000;
/** A deployment of which AWS tells no end. */
const longestMs = 6 * hourMs;

/**
 * The sizes that a service's tasks had before, by its own deployments of the last 90 days: when a revision of its task definition was registered says
 * nothing of when the service began to run it, and CloudTrail's `UpdateService` is called by everything that scales.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/view-service-deployment.html
 */
export async function taskSizesBefore(client: ECSClient, running: Running): Promise<readonly OtherSize[]> {
  const deployments = await deploymentsOf(client, running);
  const [oldest] = deployments;
  if (oldest === undefined) return otherSizes(taskText(running.size), [], running.createdMs);
  const source = await sourceOf(client, oldest);
  const sizes = await sizesOf(client, [...deployments.map(({ targetServiceRevisionArn: arn }) => arn ?? ""), ...source]);
  const before = new Set(source.map((arn) => sizes.get(arn) ?? null));
  const [only = null] = before;
  return otherSizes(taskText(running.size), changesOf(deployments, sizes, before.size === 1 ? only : null), running.createdMs);
}

/** Oldest first; no more than the newest of very many, before which nothing is known. */
async function deploymentsOf(client: ECSClient, { cluster, service }: ServicePlace): Promise<readonly ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new ListServiceDeploymentsCommand({ cluster, service, maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) }));
    found.push(...(page.serviceDeployments ?? []));
    ({ nextToken } = page);
  } while (nextToken !== undefined && found.length < mostDeployments);
  return found.toSorted((a, b) => startedMs(a) - startedMs(b)).slice(-mostDeployments);
}

function startedMs({ createdAt }: ServiceDeploymentBrief): number {
  return answered(createdAt, "createdAt").getTime();
}

/** What a deployment took the place of; nothing where it made the service. */
async function sourceOf(client: ECSClient, { serviceDeploymentArn: arn }: ServiceDeploymentBrief): Promise<readonly string[]> {
  const { serviceDeployments: [deployment] = [] } = await client.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [answered(arn, "serviceDeploymentArn")] }),
  );
  return (deployment?.sourceServiceRevisions ?? []).flatMap(({ arn: source }) => source ?? []);
}

/** By service revision; null for one whose task definition is gone, or gives its tasks no size. */
async function sizesOf(client: ECSClient, revisions: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const sizeOf = oncePerValue((definition: string) => sizeText(client, definition));
  const wanted = [...new Set(revisions)].filter((arn) => arn !== "");
  const sizes = new Map<string, string | null>();
  for (let first = 0; first < wanted.length; first += revisionsPerCall) {
    const { serviceRevisions = [] } = await client.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: wanted.slice(first, first + revisionsPerCall) }),
    );
    for (const { serviceRevisionArn: arn = "", taskDefinition } of serviceRevisions)
      sizes.set(arn, taskDefinition === undefined ? null : await sizeOf(taskDefinition));
  }
  return sizes;
}

async function sizeText(client: ECSClient, definition: string): Promise<string | null> {
  try {
    return taskText((await readDefinition(client, definition)).size);
  } catch (error) {
    if (error instanceof ResourceGone || error instanceof UnsupportedResource) return null;
    throw error;
  }
}

function changesOf(deployments: readonly ServiceDeploymentBrief[], sizes: ReadonlyMap<string, string | null>, first: string | null): readonly SizeChange[] {
  let before = first;
  return deployments.flatMap((deployment): readonly SizeChange[] => {
    const { status, finishedAt, targetServiceRevisionArn: target = "" } = deployment;
    const [atMs, from, to] = [startedMs(deployment), before, sizes.get(target) ?? null];
    const settledMs = finishedAt?.getTime() ?? atMs + longestMs;
    before = leftWith(status, from, to);
    if (before === to) return [{ atMs, settledMs, before: from, after: to }];
    return [
      { atMs, settledMs, before: from, after: to },
      { atMs: settledMs, settledMs: settledMs + hourMs, before: to, after: before },
    ];
  });
}

/** The size that a deployment left the service with: one that was undone with the one before, one that another took the place of with either. */
function leftWith(status: ServiceDeploymentStatus | undefined, from: string | null, to: string | null): string | null {
  if (status === undefined || from === to) return to;
  if (status.startsWith("ROLLBACK")) return from;
  return status.startsWith("STOP") ? null : to;
}
