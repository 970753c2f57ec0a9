/** An Aurora cluster, of whichever engine and capacity, as the rest of a stack sees it. */
export interface DatabaseCluster {
  readonly clusterId: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
}
