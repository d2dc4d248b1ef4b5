import fc from 'fast-check'
import type { AccessRequest } from '../../access/request.js'
import { manifests } from './manifests.js'
import { from, http, questionsOver, type AskedAs } from './requests.js'
import { routes } from './routes.js'
import { APPS, maybe, pick, ROOT, seldom, some, SPACES, type Manifest } from './values.js'

const HOSTS = ['api.example.com', '*.example.com', '10.1.0.1']

const entry = fc.record({
  namespace: pick(...SPACES, ROOT),
  labels: fc.record(
    {
      'istio.io/use-waypoint': pick('waypoint', 'none'),
      'networking.istio.io/enable-autoallocate-ip': pick('false'),
    },
    { requiredKeys: [] },
  ),
  hosts: some(pick('api.example.com', '*.example.com', 'api.alpha.svc.cluster.local')),
  addresses: maybe(some(pick('10.1.0.1', '10.1.0.0/16'))),
  resolution: pick('DNS', 'STATIC', 'NONE', 'DYNAMIC_DNS'),
  ports: fc.uniqueArray(
    fc.record({ number: pick(80, 443), protocol: pick('HTTP', 'TLS', 'TCP', undefined) }),
    { minLength: 1, maxLength: 2, selector: ({ number }) => number },
  ),
})
const client = fc.record({
  namespace: pick(...SPACES, 'gamma'),
  account: pick('web', 'batch'),
  dnsCapture: pick('true', 'false', ''),
})
const token = fc.record({
  namespace: pick(...SPACES),
  target: pick(...APPS),
  jwtRules: some(
    fc.record({
      issuer: pick('https://issuer.example', 'https://other.example'),
      presence: pick('REQUIRED', 'REQUIRED', 'OPTIONAL'),
    }),
  ),
})
const flag = pick('true', 'false')
const visibility = pick('PUBLIC', 'NAMESPACE', 'NONE')
const install = fc.record({
  env: fc.record(
    { ENABLE_GATEWAY_API_HTTPROUTE_AUTH: flag, PILOT_ENABLE_IP_AUTOALLOCATE: flag },
    { requiredKeys: [] },
  ),
  dnsCapture: seldom(fc.boolean()),
  visibility: maybe(
    fc.record({
      defaultVisibility: visibility,
      policies: fc.array(
        fc.record({
          visibility,
          matchingRules: pick(...SPACES).map((name) => [{ namespaceSelector: named(name) }]),
        }),
        { maxLength: 1 },
      ),
    }),
  ),
  selectors: seldom(some(pick(...SPACES, 'gamma').map(named))),
})

function named(name: string): object {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } }
}

/** The hosts, addresses and endpoints that the API server accepts with a resolution. */
function accepted(spec: {
  readonly hosts: readonly string[]
  readonly addresses: readonly string[] | undefined
  readonly resolution: string
}): object {
  const hosts = [...new Set(spec.hosts)]
  const isWildcard = (host: string): boolean => host.startsWith('*')
  switch (spec.resolution) {
    case 'DYNAMIC_DNS':
      return {
        ...spec,
        hosts: hosts.some(isWildcard) ? hosts.filter(isWildcard) : ['*.example.com'],
        addresses: undefined,
      }
    case 'DNS':
      return {
        ...spec,
        hosts,
        addresses: spec.addresses?.filter((address) => !address.includes('/')),
        ...(hosts.some(isWildcard) ? { endpoints: [{ address: 'backend.example.com' }] } : {}),
      }
    default:
      return { ...spec, hosts }
  }
}

/** Hosts outside of the mesh, tokens that are required, and settings that decide about them. */
const others: fc.Arbitrary<readonly Manifest[]> = fc
  .record({
    entries: fc.array(entry, { maxLength: 3 }),
    clients: fc.array(client, { maxLength: 3 }),
    tokens: fc.array(token, { maxLength: 2 }),
    install: maybe(install),
  })
  .map(({ entries, clients, tokens, install: installed }) => [
    ...entries.map(({ namespace, labels, ...spec }, index): Manifest => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: `entry-${index}`, namespace, labels },
      spec: {
        ...accepted(spec),
        ports: spec.ports.map((port) => ({ ...port, name: `port-${port.number}` })),
      },
    })),
    ...clients.map(({ namespace, account, dnsCapture }, index): Manifest => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `client-${index}`,
        namespace,
        annotations: dnsCapture === '' ? {} : { 'ambient.istio.io/dns-capture': dnsCapture },
      },
      spec: { serviceAccountName: account, containers: [{ name: 'app', image: 'app' }] },
    })),
    ...tokens.map(({ namespace, target, jwtRules }, index): Manifest => ({
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: `required-${index}`, namespace },
      spec: { targetRefs: [{ group: '', kind: 'Service', name: target }], jwtRules },
    })),
    ...(installed
      ? [
          {
            apiVersion: 'install.istio.io/v1alpha1',
            kind: 'IstioOperator',
            metadata: { name: 'install', namespace: ROOT },
            spec: {
              profile: 'ambient',
              meshConfig: {
                ...(installed.visibility ? { serviceEntryVisibility: installed.visibility } : {}),
                ...(installed.selectors ? { discoverySelectors: installed.selectors } : {}),
              },
              values: {
                pilot: { env: installed.env },
                ...(installed.dnsCapture === undefined
                  ? {}
                  : { cni: { ambient: { dnsCapture: installed.dnsCapture } } }),
              },
            },
          },
        ]
      : []),
  ])

/** A small mesh with hosts outside of it, routes, required tokens and settings of the installation. */
export const egressManifests: fc.Arbitrary<readonly Manifest[]> = fc
  .tuple(manifests, others, routes)
  .map(([mesh, more, withRoutes]) => [...withRoutes(mesh), ...more])

const asked: AskedAs = {
  from: fc.oneof(
    { weight: 1, arbitrary: from },
    {
      weight: 1,
      arbitrary: fc.record({
        namespace: pick(...SPACES, ROOT, 'gamma', 'delta'),
        serviceAccount: pick('web', 'batch', 'unknown'),
      }),
    },
  ),
  http: fc.oneof(
    http,
    fc.record({
      claims: pick(
        'https://issuer.example',
        'https://other.example',
        'https://foreign.example',
      ).map((iss) => ({ iss, sub: 'user' })),
    }),
    fc.record(
      {
        method: pick('GET', 'POST', 'PUT'),
        path: pick('/', '/api', '/API/x', '/api/x', '/a?env=prod', '/api?env=dev', '/b'),
        host: pick('api.alpha', 'x', 'x.alpha'),
        headers: fc.record({ 'x-env': pick('prod', 'dev', 'other') }, { requiredKeys: [] }),
      },
      { requiredKeys: ['path'] },
    ),
  ),
  nowhere: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({
        host: pick(...HOSTS, 'x.example.com'),
        port: pick(80, 443),
      }) satisfies fc.Arbitrary<AccessRequest['to']>,
    },
  ),
}

/** Such a mesh with requests, a third of them to hosts. */
export const egressQuestions = questionsOver(egressManifests, asked)
