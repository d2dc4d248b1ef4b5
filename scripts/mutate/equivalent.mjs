// Mutants that no test can notice, and the reason: file, function, and the change as `npm run mutate` prints it.

const REASONS = {
  'TypeScript needs the check. Without it, the value is the same or always absent.': [
    ['access/client.ts', 'clientOf', 'kinds.size === 1 && only → kinds.size === 1'],
    ['access/destination.ts', 'runningBehind', "'WorkloadEntry' → ''"],
    [
      'access/destination.ts',
      'runningBehind',
      "workload.type === 'WorkloadEntry' || !workload.terminated → !workload.terminated",
    ],
    [
      'access/evaluateRequest.ts',
      'answerOnRoutes',
      'first && (!second || first.verdict === second.verdict) → (!second || first.verdict === second.verdict)',
    ],
    [
      'access/evaluateRequest.ts',
      'hopAtWaypoint',
      "destination.kind === 'service' && destination.protocol === 'tcp' → destination.protocol === 'tcp'",
    ],
    ['access/evaluateAtEnvoy.ts', 'requestOf', 'http.headers ?? {} → http.headers'],
    [
      'access/evaluateAtZtunnel.ts',
      'evaluateAtZtunnel',
      'first !== undefined && decisions.every(({ decision }) => decision.verdict === first.decision.verdict) → decisions.every(({ decision }) => decision.verdict === first.decision.verdict)',
    ],
    ['access/evaluateAtZtunnel.ts', 'decisionOf', 'policy && rule !== undefined → policy'],
    [
      'access/evaluateAtZtunnel.ts',
      'decisionOf',
      'policy && rule !== undefined → rule !== undefined',
    ],
    [
      'access/route.ts',
      'hasAddress',
      "service.type === 'ServiceEntry' || !service.headless → !service.headless",
    ],
    ['access/route.ts', 'hasAddress', "'ServiceEntry' → ''"],
    [
      'access/route.ts',
      'ingressUsesWaypoint',
      'label !== undefined && parseBool(label) === true → parseBool(label) === true',
    ],
    [
      'mesh/canary.ts',
      'canaryOfService',
      "binding.status === 'bound' && binding.weight > 0 → binding.weight > 0",
    ],
    [
      'mesh/namespaceEnrolment.ts',
      'namespaceLabels',
      "object && mesh.get(namespaceEnrolment, namespace).certainty.level === 'certain' → mesh.get(namespaceEnrolment, namespace).certainty.level === 'certain'",
    ],
    ['mesh/enrolmentByLabels.ts', 'enrolmentByLabels', "labels?.[label] ?? '' → labels?.[label]"],
    ['mesh/enrolmentByLabels.ts', 'enrolmentByLabels', "'' → 'mutant'"],
    ['mesh/enrolment.ts', 'fromPodOrNamespace', "'' → 'mutant'"],
    [
      'mesh/policies.ts',
      'isGatewayPolicy',
      'labels === undefined || isEmptyLabels(labels) → labels === undefined',
    ],
    [
      'mesh/policies.ts',
      'isGatewayPolicy',
      'labels === undefined || isEmptyLabels(labels) → isEmptyLabels(labels)',
    ],
    [
      'mesh/services.ts',
      'portNumber',
      'text !== undefined && /^\\d+$/.test(text) → /^\\d+$/.test(text)',
    ],
    [
      'mesh/waypoints.ts',
      'waypointOfService',
      'reason === undefined || !binding.choice → reason === undefined',
    ],
    [
      'mesh/waypoints.ts',
      'waypointOfWorkload',
      "instanceOf !== undefined && mesh.named('Gateway', workload.namespace, instanceOf) → mesh.named('Gateway', workload.namespace, instanceOf)",
    ],
    ['status/ztunnelAccepted.ts', 'ztunnelAccepted', "'targetRefs' → ''"],
    ['vocabulary/principal.ts', 'principalParts', 'trustDomain && namespace → trustDomain'],
    ['vocabulary/principal.ts', 'principalParts', 'trustDomain && namespace → namespace'],
    [
      'waypoint/attachment.ts',
      'attaches',
      "target.kind === 'GatewayClass' && target.isEnforced → target.isEnforced",
    ],
    ['waypoint/claims.ts', 'matchesClaim', "'' → 'mutant'"],
    ['waypoint/path.ts', 'normalizePath', "'' → 'mutant'"],
    ['waypoint/portProtocol.ts', 'servicePortProtocol', "'' → 'mutant'"],
    ['waypoint/trustDomains.ts', 'expandPrincipal', "'' → 'mutant'"],
    [
      'ztunnel/configDump.ts',
      'isSent',
      "workload.type === 'WorkloadEntry' || !workload.terminated → !workload.terminated",
    ],
    ['ztunnel/configDump.ts', 'isSent', "'WorkloadEntry' → ''"],
    [
      'ztunnel/configDump.ts',
      'acceptsHbone',
      "podLabels(workload)?.[TUNNEL]?.split(',').includes('http') ?? false → podLabels(workload)?.[TUNNEL]?.split(',').includes('http')",
    ],
    [
      'ztunnel/convertAuthorizationPolicy.ts',
      'isDryRun',
      "policy.annotations?.[DRY_RUN] ?? '' → policy.annotations?.[DRY_RUN]",
    ],
    ['ztunnel/convertAuthorizationPolicy.ts', 'isDryRun', "'' → 'mutant'"],
    [
      'ztunnel/peerAuthentication.ts',
      'effectivePeerAuthentication',
      'levels.workload && keys.workload → keys.workload',
    ],
  ],
  'Another value of this kind has the same effect.': [
    ['access/client.ts', 'clientOf', "'outside' → ''"],
    ['access/evaluateRequest.ts', 'answerOnRoutes', "'undecided' → ''"],
    ['access/evaluateAtZtunnel.ts', 'connectionsOf', '2 → 3'],
    ['access/evaluateAtZtunnel.ts', 'addressesOf', '1n → (1n + 1n)'],
    ['access/evaluateAtZtunnel.ts', 'addressesOf', '32 → 33'],
    ['ztunnel/namedPeers.ts', 'namedTrustDomains', '2 → 3'],
    ['mesh/serviceEntryVisibility.ts', 'visibilityOf', "'PUBLIC' → ''"],
  ],
  'A limit of the work. The exact number of pairs does not matter.': [
    ['access/nearestMiss.ts', 'MAX_PAIRS', '1_500 → 1501'],
    ['access/nearestMiss.ts', 'nearestMiss', '0 → 1'],
    ['access/nearestMiss.ts', 'nearestMiss', '++tried > MAX_PAIRS → ++tried >= MAX_PAIRS'],
  ],
  'Tries again the same requests, or requests that no policy can match.': [
    [
      'access/nearestMiss.ts',
      'nearestMiss',
      'without if (first.change.field === second.change.field) continue',
    ],
    [
      'access/requestCandidates.ts',
      'portCandidates',
      'ports.filter((port) => port !== to.port) → ports',
    ],
  ],
  'Both cases are computed and compared. Their order does not matter.': [
    [
      'ztunnel/probe.ts',
      'probe',
      "(policy.action === 'Allow') === favourable → (policy.action === 'Allow') !== favourable",
    ],
    ['ztunnel/probe.ts', 'probe', "policy.action === 'Allow' → policy.action !== 'Allow'"],
    ['ztunnel/probe.ts', 'assume', '!matched → !(!matched)'],
    ['ztunnel/probe.ts', 'assume', '!matched → matched'],
  ],
  'Avoids work. Without it, the same value is built again.': [
    [
      'vocabulary/principal.ts',
      'PARTS',
      '/^(spiffe:\\/\\/)?(.*?)(?:^|\\/)ns\\/(\\?.*?(?=\\/sa\\/|$)|[^/]+)(?:\\/(?:sa\\/([^/]+)$)?|$)/d → /(spiffe:\\/\\/)?(.*?)(?:^|\\/)ns\\/(\\?.*?(?=\\/sa\\/|$)|[^/]+)(?:\\/(?:sa\\/([^/]+)$)?|$)/d',
    ],
    [
      'ztunnel/enforcement.ts',
      'peerAuthenticationOf',
      'without if (applicable === mesh.get(peerAuthenticationsForAll, workload.namespace)) return mesh.get(peerAuthenticationForAll, workload.namespace)',
    ],
    [
      'ztunnel/probe.ts',
      'probe',
      'without if (!policies.some(namesAddress)) return decide(policies, connection).verdict',
    ],
    ['ztunnel/probe.ts', 'withAddressesAs', 'without if (!namesAddress(policy)) return policy'],
  ],
  'Computes the same value more often.': [
    ['access/evaluateRequest.ts', 'answersOfVariants', '0 → 1'],
    ['access/evaluateRequest.ts', 'answersOfVariants', '1 → 2'],
    ['access/evaluateRequest.ts', 'answersOfVariants', 'choice < choices → choice <= choices'],
  ],
}

/** `{ file, within, change, why }` */
export const EQUIVALENT = Object.entries(REASONS).flatMap(([why, entries]) =>
  entries.map(([file, within, change]) => ({ file, within, change, why })),
)
