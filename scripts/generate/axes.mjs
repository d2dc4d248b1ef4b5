// Crowded workspaces: each axis makes n objects of one kind, where a workspace usually has a few.
import {
  authorizationPolicy,
  deployment,
  httpRoute,
  namespace,
  networkPolicy,
  peerAuthentication,
  service,
  serviceAccount,
  serviceEntry,
  waypoint,
  addApp,
  fileOf,
  principal,
  SHOP,
} from './axisObjects.mjs'
import { AXES_OF_MESHES } from './axesOfMeshes.mjs'

const APPS_OF_NAMESPACE = 24
const WEB = { tier: 'web' }
const BOUND = { 'istio.io/use-waypoint': 'waypoint' }

/** The files of a workspace: path → documents. */
class Files {
  #documents = new Map()

  add(path, ...documents) {
    const known = this.#documents.get(path)
    if (known) known.push(...documents)
    else this.#documents.set(path, [...documents])
  }

  /** Path → text. */
  texts() {
    return new Map([...this.#documents].map(([path, all]) => [path, all.join('---\n')]))
  }
}

/** The client of app `index`: another app. */
const clientOf = (index, n) => `a${(index * 7) % n}`

/** @returns an axis with n apps in one namespace, and what `more` adds for each. */
function apps({ labels, bound = false, selects }, more) {
  return (files, n) => {
    files.add('namespace.yaml', namespace(SHOP, bound ? BOUND : {}))
    if (bound) files.add('namespace.yaml', waypoint(SHOP))
    for (let index = 0; index < n; index++) {
      const name = `a${index}`
      files.add(
        fileOf(index),
        serviceAccount(SHOP, name),
        deployment(SHOP, name, labels),
        service(SHOP, name, selects),
        ...more(index, n),
      )
    }
  }
}

const policy = (index, n, options) =>
  authorizationPolicy(SHOP, `p${index}`, {
    principals: [principal(clientOf(index, n))],
    ...options,
  })

/** Policies of the root namespace, half of them with a selector. */
function rootPolicies(count) {
  return (files, n) => {
    files.add('root.yaml', namespace('istio-system'))
    for (let index = 0; index < count(n); index++)
      files.add(
        'root.yaml',
        authorizationPolicy('istio-system', `r${index}`, {
          principals: [principal('a0', 's0')],
          ...(index % 2 ? { selector: WEB, port: 8080 } : { port: 9000, action: 'DENY' }),
        }),
      )
    for (let index = 0; index < n; index++) {
      const where = `s${Math.floor(index / APPS_OF_NAMESPACE)}`
      if (index % APPS_OF_NAMESPACE === 0) files.add(fileOf(index), namespace(where))
      addApp(files, fileOf(index), { where, name: `a${index}`, labels: WEB })
    }
  }
}

/** The axes by name: each adds the files of a workspace of size n. */
export const AXES = {
  'policy-per-app': apps({}, (index, n) => [
    policy(index, n, { selector: { app: `a${index}` }, port: 8080 }),
  ]),
  'policies-without-selector': apps({}, (index, n) => [policy(index, n, { port: 8080 })]),
  'policies-of-one-label': apps({ labels: WEB }, (index, n) => [
    policy(index, n, { selector: WEB, port: 8080 }),
  ]),
  'http-policies-of-one-label': apps({ labels: WEB }, (index, n) => [
    policy(index, n, { selector: WEB, method: 'GET' }),
  ]),
  'paths-of-one-label': apps({ labels: WEB }, (index, n) => [
    policy(index, n, { selector: WEB, namespaces: [SHOP], path: `/p${index}` }),
  ]),
  'service-targets': apps({ bound: true }, (index, n) => [
    policy(index, n, { targets: [['Service', `a${index}`]], method: 'GET' }),
  ]),
  'policies-behind-waypoint': apps({ bound: true }, (index, n) => [
    policy(index, n, { selector: { app: `a${index}` } }),
  ]),
  'gateway-targets': apps({ bound: true }, (index, n) => [
    policy(index, n, { targets: [['Gateway', 'waypoint']], method: 'GET' }),
  ]),
  'sixteen-targets': apps({ bound: true }, (index, n) => [
    policy(index, n, {
      targets: Array.from({ length: 16 }, (_, at) => ['Service', `a${(index * 16 + at) % n}`]),
      method: 'GET',
    }),
  ]),
  'services-of-same-pods': apps({ labels: WEB, selects: WEB, bound: true }, (index, n) => [
    policy(index, n, { targets: [['Service', `a${index}`]], method: 'GET' }),
  ]),
  'network-policies-of-one-label': apps({ labels: WEB }, (index) => [
    networkPolicy(SHOP, `n${index}`, WEB),
  ]),
  'network-policy-per-app': apps({ labels: WEB }, (index) => [
    networkPolicy(SHOP, `n${index}`, { app: `a${index}` }),
  ]),
  'peer-authentications-of-one-label': apps({ labels: WEB }, (index) => [
    peerAuthentication(SHOP, `n${index}`, {
      selector: WEB,
      mode: index % 2 ? 'STRICT' : 'PERMISSIVE',
    }),
  ]),
  'unknown-principals': (files, n) => {
    files.add('namespace.yaml', namespace(SHOP))
    for (let index = 0; index < n; index++) {
      const name = `account-number-${index}`
      files.add(
        fileOf(index),
        serviceAccount(SHOP, name),
        deployment(SHOP, name),
        authorizationPolicy(SHOP, `p${index}`, {
          selector: { app: name },
          principals: [principal(`acount-number-${index}x`)],
          port: 8080,
        }),
      )
    }
  },
  'unknown-labels': (files, n) => {
    files.add('namespace.yaml', namespace(SHOP))
    for (let index = 0; index < n; index++)
      files.add(
        fileOf(index),
        deployment(SHOP, `application-${index}`),
        policy(index, n, { selector: { app: `aplication-${index}x` }, port: 8080 }),
      )
  },
  'principals-of-one-policy': (files, n) => {
    files.add('namespace.yaml', namespace(SHOP))
    const names = Array.from({ length: n }, (_, index) => `a${index}`)
    for (const [index, name] of names.entries())
      files.add(fileOf(index), serviceAccount(SHOP, name))
    files.add(
      'policy.yaml',
      deployment(SHOP, 'web'),
      authorizationPolicy(SHOP, 'web', {
        selector: { app: 'web' },
        principals: names.map((name) => principal(name)),
        port: 8080,
      }),
    )
  },
  'routes-of-one-service': (files, n) => {
    files.add('namespace.yaml', namespace(SHOP, BOUND), waypoint(SHOP))
    addApp(files, 'app.yaml', { where: SHOP, name: 'a0' })
    for (let index = 0; index < n; index++)
      files.add(fileOf(index), httpRoute(SHOP, `r${index}`, 'a0'))
  },
  'service-entries': (files, n) => {
    files.add('namespace.yaml', namespace(SHOP, BOUND), waypoint(SHOP))
    for (let index = 0; index < n; index++)
      files.add(
        fileOf(index),
        serviceEntry(SHOP, `e${index}`),
        policy(index, n, { targets: [['ServiceEntry', `e${index}`]], method: 'GET' }),
      )
  },
  'root-policies': rootPolicies(() => 20),
  'many-root-policies': rootPolicies((n) => n / 10),
  namespaces: (files, n) => {
    for (let index = 0; index < n; index++) {
      const where = `s${index}`
      files.add(fileOf(index), namespace(where, BOUND), waypoint(where))
      addApp(files, fileOf(index), { where, name: `a${index}` })
      files.add(
        fileOf(index),
        authorizationPolicy(where, 'allow', {
          targets: [['Service', `a${index}`]],
          principals: [principal(clientOf(index, n), `s${(index * 7) % n}`)],
          method: 'GET',
        }),
      )
    }
  },
  'namespaces-of-clients': (files, n) => {
    for (let index = 0; index < n; index++) {
      const where = `s${index}`
      files.add(fileOf(index), namespace(where))
      addApp(files, fileOf(index), { where, name: `a${index}` })
      files.add(
        fileOf(index),
        authorizationPolicy(where, 'allow', {
          selector: { app: `a${index}` },
          namespaces: ['s0', `s${(index + 1) % n}`],
          port: 8080,
        }),
      )
    }
  },
  ...AXES_OF_MESHES,
}

/** The files of an axis of size n: path → text. */
export function axisFiles(axis, n) {
  const add = AXES[axis]
  if (!add) throw new Error(`There is no axis "${axis}": ${Object.keys(AXES).join(', ')}.`)
  const files = new Files()
  add(files, n)
  return files.texts()
}
