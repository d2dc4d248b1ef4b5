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
} from './axisObjects.mjs'

const DOCUMENTS_OF_APPS = 20
const APPS_OF_NAMESPACE = 24
const SHOP = 'shop'
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

const fileOf = (index) => `apps-${Math.floor(index / DOCUMENTS_OF_APPS)}.yaml`
const principal = (name, where = SHOP) => `cluster.local/ns/${where}/sa/${name}`
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

function addApp(files, path, { where, name, labels }) {
  files.add(
    path,
    serviceAccount(where, name),
    deployment(where, name, labels),
    service(where, name),
  )
}

/** n apps, each defined once for every environment. */
function variants(environments, { pathOf, whereOf = () => SHOP }) {
  return (files, n) => {
    for (const environment of environments)
      for (let index = 0; index < n; index++) {
        const where = whereOf(index)
        const path = pathOf(environment, index)
        if (index === 0 || where !== whereOf(index - 1))
          files.add(path, namespace(where, where === SHOP ? {} : { env: environment }))
        const name = `a${index}`
        addApp(files, path, { where, name, labels: { env: environment } })
        files.add(
          path,
          authorizationPolicy(where, `p${index}`, {
            selector: { app: name },
            principals: [principal(`${environment}${(index * 7) % n}`, where)],
            method: 'GET',
          }),
        )
      }
  }
}

/** n kustomizations that build one base. */
function kustomizations(inBase, kustomization) {
  return (files, n) => {
    files.add('base/namespace.yaml', namespace(SHOP))
    const names = Array.from({ length: inBase }, (_, index) => `a${index}`)
    for (const name of names)
      files.add(
        `base/${name}.yaml`,
        deployment(SHOP, name),
        service(SHOP, name),
        authorizationPolicy(SHOP, name, {
          selector: { app: name },
          principals: [principal('a0')],
          port: 8080,
        }),
      )
    files.add(
      'base/kustomization.yaml',
      `resources:\n- namespace.yaml\n${names.map((name) => `- ${name}.yaml\n`).join('')}`,
    )
    for (let index = 0; index < n; index++) kustomization(files, index)
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
  'variants-of-two-folders': variants(['dev', 'prod'], {
    pathOf: (environment, index) => `${environment}/${fileOf(index)}`,
  }),
  'variants-of-four-folders': variants(['dev', 'test', 'stage', 'prod'], {
    pathOf: (environment, index) => `${environment}/${fileOf(index)}`,
  }),
  'variants-of-one-folder': variants(['dev', 'prod'], {
    pathOf: (environment, index) => `all/${environment}-${fileOf(index)}`,
  }),
  'variants-of-namespaces': variants(['dev', 'prod'], {
    pathOf: (environment, index) => `${environment}/s${Math.floor(index / 10)}.yaml`,
    whereOf: (index) => `s${Math.floor(index / 10)}`,
  }),
  overlays: kustomizations(10, (files, index) =>
    files.add(
      `overlays/o${index}/kustomization.yaml`,
      `resources:\n- ../../base\nnamespace: ${SHOP}-${index}\nlabels:\n- pairs:\n    env: e${index}\n  includeSelectors: true\n  includeTemplates: true\n`,
    ),
  ),
  'overlays-of-large-base': kustomizations(100, (files, index) => {
    const where = `own${index}`
    files.add(`c${index}/kustomization.yaml`, 'resources:\n- ../base\n- own.yaml\n')
    files.add(
      `c${index}/own.yaml`,
      namespace(where),
      deployment(where, 'web'),
      authorizationPolicy(where, 'web', {
        selector: { app: 'web' },
        principals: [principal('a0')],
        method: 'GET',
      }),
    )
  }),
}

/** The files of an axis of size n: path → text. */
export function axisFiles(axis, n) {
  const add = AXES[axis]
  if (!add) throw new Error(`There is no axis "${axis}": ${Object.keys(AXES).join(', ')}.`)
  const files = new Files()
  add(files, n)
  return files.texts()
}
