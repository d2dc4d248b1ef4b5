import { isWorkload } from '../inventory/workloads.js'
import { classRole, gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { LabelSelector } from '../resources/gateway.js'
import type { Labels, Resource } from '../resources/resource.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import type { FieldPath } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { Mention, Thing, ThingKind } from './mention.js'
import { namesInHost, namespaceThing, type NameInValue } from './namesInValue.js'
import { ruleMentions } from './ruleMentions.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../vocabulary/labels.js'

/** Every field of an object that names an object or a label, its own name included. */
export const mentionsIn = query('mentions', (mesh, resource: Resource): readonly Mention[] => {
  const collected = new Collected(mesh, resource)
  collected.metadata()
  collected.fields()
  return collected.mentions
})

/** Collects the mentions of one object. */
class Collected {
  readonly mentions: Mention[] = []
  readonly #mesh: Mesh
  readonly #resource: Resource

  constructor(mesh: Mesh, resource: Resource) {
    this.#mesh = mesh
    this.#resource = resource
  }

  metadata(): void {
    const { namespace, namespaceSource, name } = this.#resource
    if (namespaceSource === 'object')
      this.#add(namespaceThing(namespace), ['metadata', 'namespace'])
    const kind = definedKind(this.#resource)
    if (kind !== undefined) this.#add({ kind, namespace, name }, ['metadata', 'name'], DEFINES)
  }

  fields(): void {
    const resource = this.#resource
    if (isWorkload(resource)) {
      this.#workload(resource)
      return
    }
    switch (resource.type) {
      case 'Namespace':
        this.#waypointLabels(resource.labels, ['metadata', 'labels'], resource.name)
        break
      case 'Service':
        this.#waypointLabels(resource.labels, ['metadata', 'labels'], resource.namespace)
        this.#selector(resource.selector, ['spec', 'selector'])
        break
      case 'ServiceEntry':
        this.#waypointLabels(resource.labels, ['metadata', 'labels'], resource.namespace)
        this.#selector(resource.workloadSelector, ['spec', 'workloadSelector', 'labels'])
        break
      case 'Gateway':
        this.#add({ kind: 'GatewayClass', namespace: '', name: resource.gatewayClassName }, [
          'spec',
          'gatewayClassName',
        ])
        // istiod names a waypoint's service account after the Gateway.
        if (
          this.#mesh.get(classRole, resource.gatewayClassName) === 'waypoint' &&
          this.#mesh.get(gatewayServiceAccount, resource) === resource.name
        ) {
          this.#add(
            { kind: 'ServiceAccount', namespace: resource.namespace, name: resource.name },
            ['metadata', 'name'],
            DEFINES,
          )
        }
        break
      case 'AuthorizationPolicy':
        this.#policySelector(resource.selector?.matchLabels)
        this.#targetRefs(resource.targetRefs)
        for (const { thing, path, part } of ruleMentions(this.#mesh, resource))
          this.#add(thing, path, { part })
        break
      case 'PeerAuthentication':
        this.#policySelector(resource.selector?.matchLabels)
        break
      case 'RequestAuthentication':
        this.#policySelector(resource.selector?.matchLabels)
        this.#targetRefs(resource.targetRefs)
        break
      case 'NetworkPolicy':
        this.#networkPolicy(resource.podSelector)
        break
      case 'HTTPRoute':
      case 'GRPCRoute':
        for (const { kind, namespace, name, path } of [
          ...resource.parentRefs,
          ...resource.backendRefs,
        ])
          this.#reference(kind, { namespace, name }, path)
        break
      case 'VirtualService':
        resource.hosts.forEach((host, index) => {
          this.#host(host, ['spec', 'hosts', index])
        })
        resource.destinations.forEach((host, index) => {
          this.#host(host, resource.destinationPaths[index] ?? [])
        })
        break
    }
  }

  #workload(
    workload:
      | Extract<Resource, { readonly type: 'WorkloadEntry' }>
      | Extract<Resource, { readonly template: unknown }>,
  ): void {
    if (workload.type === 'WorkloadEntry') {
      this.#add(
        { kind: 'ServiceAccount', namespace: workload.namespace, name: workload.serviceAccount },
        ['spec', 'serviceAccount'],
      )
      this.#waypointLabels(workload.labels, ['metadata', 'labels'], workload.namespace)
      this.#podLabels(workload.workloadLabels, ['spec', 'labels'])
      return
    }
    const { template, templatePath } = workload
    // The second is the deprecated name of the first. A field that is not written has no place in the file.
    for (const field of ['serviceAccountName', 'serviceAccount'])
      this.#add(
        {
          kind: 'ServiceAccount',
          namespace: workload.namespace,
          name: template.serviceAccountName,
        },
        [...templatePath, 'spec', field],
      )
    this.#waypointLabels(
      template.labels,
      [...templatePath, 'metadata', 'labels'],
      workload.namespace,
    )
    this.#podLabels(template.labels, [...templatePath, 'metadata', 'labels'])
    this.#selector(workload.selector, ['spec', 'selector', 'matchLabels'])
  }

  #host(host: string, path: FieldPath): void {
    const short = host !== '' && !host.includes('.') && !host.includes('*')
    const names: readonly NameInValue[] = short
      ? [
          {
            thing: { kind: 'Service', namespace: this.#resource.namespace, name: host },
            part: undefined,
          },
        ]
      : namesInHost(host)
    for (const { thing, part } of names) this.#add(thing, path, { part })
  }

  #targetRefs(refs: readonly PolicyTargetReference[]): void {
    for (const { kind, namespace, name, path } of refs)
      this.#reference(kind, { namespace, name }, path)
  }

  #reference(
    kind: string,
    { namespace, name }: { readonly namespace: string | undefined; readonly name: string },
    path: FieldPath,
  ): void {
    if (namespace !== undefined) this.#add(namespaceThing(namespace), [...path, 'namespace'])
    if (kind === 'GatewayClass')
      this.#add({ kind: 'GatewayClass', namespace: '', name }, [...path, 'name'])
    if (kind === 'Service' || kind === 'Gateway' || kind === 'ServiceEntry')
      this.#add({ kind, namespace: namespace ?? this.#resource.namespace, name }, [...path, 'name'])
  }

  #waypointLabels(labels: Labels | undefined, path: FieldPath, namespace: string): void {
    const name = labels?.[USE_WAYPOINT]
    const elsewhere = labels?.[USE_WAYPOINT_NAMESPACE]
    if (elsewhere !== undefined)
      this.#add(namespaceThing(elsewhere), [...path, USE_WAYPOINT_NAMESPACE])
    if (name !== undefined && name !== 'none')
      this.#add({ kind: 'Gateway', namespace: elsewhere ?? namespace, name }, [
        ...path,
        USE_WAYPOINT,
      ])
  }

  #podLabels(labels: Labels | undefined, path: FieldPath): void {
    for (const [key, value] of Object.entries(labels ?? {})) {
      for (const namespace of [this.#resource.namespace, ''])
        this.#add({ kind: 'Label', namespace, name: `${key}=${value}` }, [...path, key], DEFINES)
    }
  }

  #policySelector(labels: Labels | undefined): void {
    const inRoot = this.#resource.namespace === this.#mesh.settings.rootNamespace
    this.#selector(
      labels,
      ['spec', 'selector', 'matchLabels'],
      inRoot ? '' : this.#resource.namespace,
    )
  }

  #networkPolicy(selector: LabelSelector | undefined): void {
    this.#selector(selector?.matchLabels, ['spec', 'podSelector', 'matchLabels'])
  }

  #selector(
    labels: Labels | undefined,
    path: FieldPath,
    namespace = this.#resource.namespace,
  ): void {
    for (const [key, value] of Object.entries(labels ?? {}))
      this.#add({ kind: 'Label', namespace, name: `${key}=${value}` }, [...path, key])
  }

  #add(thing: Thing, path: FieldPath, how: Partial<Pick<Mention, 'role' | 'part'>> = {}): void {
    if (thing.name === '' || isPlaceholder(thing.name)) return
    this.mentions.push({ thing, path, part: how.part, role: how.role ?? 'reference' })
  }
}

const DEFINES = { role: 'definition' } as const

function definedKind({ type }: Resource): ThingKind | undefined {
  switch (type) {
    case 'ServiceAccount':
    case 'Namespace':
    case 'Service':
    case 'ServiceEntry':
    case 'Gateway':
    case 'GatewayClass':
      return type
    default:
      return undefined
  }
}
