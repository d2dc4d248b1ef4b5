// Crowded workspaces with several meshes: objects that are defined in several ways, and overlays.
import {
  addApp,
  authorizationPolicy,
  deployment,
  fileOf,
  namespace,
  principal,
  service,
  SHOP,
} from './axisObjects.mjs'

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
export const AXES_OF_MESHES = {
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
