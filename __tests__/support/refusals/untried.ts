import type { Met } from "./refusal.ts";

interface Untried {
  /** Why the simulated account does not answer so. */
  readonly why: string;
  /** What TAP makes of it; `unknown`: AWS may have acted, so that it is described. */
  readonly met: Met | "unknown";
  /** As the SDK names them. */
  readonly errors: readonly string[];
}

/** What AWS documents of the actions that a change of ours takes, and the simulated account never answers. */
export const untriedErrors: readonly Untried[] = [
  {
    why: "it is about settings that no change of ours names",
    met: "invalid",
    errors: [
      "AuthorizationNotFoundFault",
      "BackupPolicyNotFoundFault",
      "CacheParameterGroupNotFoundFault",
      "CacheSecurityGroupNotFoundFault",
      "CertificateNotFoundFault",
      "CodeSigningConfigNotFoundException",
      "CodeVerificationFailedException",
      "DBCapacityReservationNotFoundFault",
      "DBClusterAlreadyExistsFault",
      "DBClusterParameterGroupNotFoundFault",
      "DBSecurityGroupNotFoundFault",
      "DBSnapshotAlreadyExistsFault",
      "DBUpgradeDependencyFailureFault",
      "DomainNotFoundFault",
      "InvalidCacheSecurityGroupStateFault",
      "InvalidCodeSignatureException",
      "InvalidDBCapacityReservationStateFault",
      "InvalidDBSecurityGroupStateFault",
      "InvalidKMSKeyFault",
      "NamespaceNotFoundException",
      "NetworkTypeNotSupported",
      "OptionGroupNotFoundFault",
      "PlatformTaskDefinitionIncompatibilityException",
      "PlatformUnknownException",
      "ProvisionedIopsNotAvailableInAZFault",
      "StorageTypeNotAvailableFault",
      "StorageTypeNotSupportedFault",
      "TenantDatabaseQuotaExceededFault",
      "UserGroupNotFoundFault",
    ],
  },
  {
    why: "networks are kept as they were deployed",
    met: "invalid",
    errors: [
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      "DBSubnetGroupNotFoundFault",
      "InvalidDBSubnetGroupStateFault",
      "InvalidSubnet",
      "InvalidVPCNetworkStateFault",
      "VpcEncryptionControlViolationException",
    ],
  },
  { why: "no snapshot is made", met: "invalid", errors: ["DBInstanceAutomatedBackupQuotaExceededFault", "SnapshotQuotaExceededFault"] },
  { why: "keys of encryption are not simulated", met: "denied", errors: ["KMSKeyNotAccessibleFault"] },
  { why: "no service-linked role is missing", met: "invalid", errors: ["ServiceLinkedRoleNotFoundFault"] },
  { why: "it is about features that no change of ours uses", met: "invalid", errors: ["InvalidEndpointException", "UnsupportedFeatureException"] },
  { why: "no service of a stack is ever deleted", met: "missing", errors: ["ServiceNotActiveException"] },
  { why: "a cache changes as a whole", met: "missing", errors: ["CacheClusterNotFoundFault"] },
  {
    why: "a cache, and a global database, changes as a whole: what is under way shows in the state of the group, of the cluster",
    met: "busy",
    errors: ["InvalidCacheClusterStateFault", "InvalidGlobalClusterStateFault", "InvalidUserGroupStateFault"],
  },
  {
    why: "quotas of a whole account are not simulated",
    met: "no-capacity",
    errors: ["ClusterQuotaForCustomerExceededFault", "NodeQuotaForClusterExceededFault", "NodeQuotaForCustomerExceededFault", "StorageQuotaExceededFault"],
  },
  { why: "quotas of Auto Scaling are not simulated", met: "throttled", errors: ["LimitExceededFault"] },
  { why: "one call at a time reaches the account", met: "busy", errors: ["ConcurrentUpdateException", "ResourceContentionFault"] },
  {
    why: "a fault of AWS is played as a lost reply: AWS may have acted",
    met: "unknown",
    errors: ["InternalServerError", "InternalServiceException", "ServerException", "ServiceException", "ServiceLinkedRoleFailure"],
  },
];
