import fc from 'fast-check'
import { gateway, namespaceLabels, pod, service, useWaypoint } from './objects.js'
import { authorizationPolicy, peerAuthentication, requestAuthentication } from './policies.js'
import { APPS, maybe, pick, ROOT, some, SPACES, type Manifest } from './values.js'

const inNamespace = <T extends { readonly namespace: string }>(
  objects: readonly T[],
  nameOf: (object: T, index: number) => string,
) => objects.map((object, index) => ({ ...object, name: nameOf(object, index) }))

/**
 * The objects of a small mesh: every shape of policy over a handful of workloads, Services and
 * waypoints. Every Namespace is there and says its mode.
 */
export const manifests: fc.Arbitrary<readonly Manifest[]> = fc
  .record({
    namespaces: fc.tuple(
      ...[...SPACES, ROOT].map((name) => namespaceLabels.map((labels) => ({ name, labels }))),
    ),
    pods: fc.array(pod, { minLength: 2, maxLength: 6 }),
    services: fc.uniqueArray(fc.record({ app: pick(...APPS), service }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ app, service: { namespace } }) => `${namespace}/${app}`,
    }),
    gateways: fc.uniqueArray(gateway, {
      minLength: 1,
      maxLength: 4,
      selector: ({ namespace, name }) => `${namespace}/${name}`,
    }),
    entry: maybe(
      fc.record({
        namespace: pick(...SPACES),
        labels: fc.record(useWaypoint, { requiredKeys: [] }),
        hosts: some(pick('api.example.com', '*.example.com', '*.com')),
      }),
    ),
    policies: fc.array(authorizationPolicy, { maxLength: 4 }),
    peers: fc.array(peerAuthentication, { maxLength: 3 }),
    tokens: fc.array(requestAuthentication, { maxLength: 1 }),
  })
  .map(({ namespaces, pods, services, gateways, entry, policies, peers, tokens }) => [
    ...namespaces.map(({ name, labels }): Manifest => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    })),
    ...inNamespace(pods, (_, index) => `pod-${index}`).map(
      ({ namespace, name, labels, account, hostNetwork }): Manifest => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, ...(labels ? { labels } : {}) },
        spec: {
          serviceAccountName: account,
          ...(hostNetwork ? { hostNetwork } : {}),
          containers: [
            { name: 'app', image: 'app', ports: [{ name: 'web', containerPort: 8080 }] },
          ],
        },
      }),
    ),
    ...services.map(({ app, service: { namespace, labels, headless, ports } }): Manifest => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: app, namespace, labels },
      spec: { selector: { app }, ...(headless ? { clusterIP: 'None' } : {}), ports },
    })),
    ...gateways.map(({ namespace, name, waypointFor, from }): Manifest => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        name,
        namespace,
        ...(waypointFor ? { labels: { 'istio.io/waypoint-for': waypointFor } } : {}),
      },
      spec: {
        gatewayClassName: name === 'waypoint' ? 'istio-waypoint' : 'istio',
        listeners: [
          {
            name: 'mesh',
            ...(name === 'waypoint'
              ? { port: 15008, protocol: 'HBONE' }
              : { port: 80, protocol: 'HTTP' }),
            ...(from ? { allowedRoutes: { namespaces: { from } } } : {}),
          },
        ],
      },
    })),
    ...(entry
      ? [
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'ServiceEntry',
            metadata: { name: 'outside', namespace: entry.namespace, labels: entry.labels },
            spec: {
              hosts: [...new Set(entry.hosts)],
              ports: [{ name: 'http', number: 80, protocol: 'HTTP' }],
            },
          },
        ]
      : []),
    ...inNamespace(policies, (_, index) => `policy-${index}`).map(
      ({ namespace, name, annotations, spec }): Manifest => ({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name, namespace, ...(annotations ? { annotations } : {}) },
        spec,
      }),
    ),
    ...inNamespace(peers, (_, index) => `peer-${index}`).map(
      ({ namespace, name, spec }): Manifest => ({
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata: { name, namespace },
        spec,
      }),
    ),
    ...inNamespace(tokens, (_, index) => `token-${index}`).map(
      ({ namespace, name, spec }): Manifest => ({
        apiVersion: 'security.istio.io/v1',
        kind: 'RequestAuthentication',
        metadata: { name, namespace },
        spec,
      }),
    ),
  ])
