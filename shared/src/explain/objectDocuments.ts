import { isWorkload } from '../inventory/workloads.js'
import { whyNotRead } from '../mesh/discovery.js'
import type { Mesh } from '../mesh/mesh.js'
import { isUnnamed } from '../resources/namespaceId.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { Resource } from '../resources/resource.js'
import { predictedStatus } from '../status/predictStatus.js'
import { dumpServices, dumpWorkloads } from '../ztunnel/configDump.js'
import { oneLine, wrap } from '../text/wrap.js'
import { conversionOf, policiesAtZtunnel, sentPolicies } from '../ztunnel/enforcement.js'
import { CONVERTED_PREFIX } from '../ztunnel/peerAuthentication.js'
import { rulesAtZtunnel } from './policy/rulesAtZtunnel.js'
import { sentence, shownName } from './support/notes.js'
import { NOT_SENT } from './policy/notSent.js'

const WHOLE_MESH = 'Assuming that these files are the whole mesh. Updated while you type.'

/** The columns of an editor beside another one, in a window that is 1 400 pixels wide. */
const WIDTH = 50

/** A generated document about one object. */
export type ObjectDocumentKind = 'received' | 'status'

/** The text of a document about an object of a closed mesh; undefined for objects without such a document. */
export function objectDocument(
  mesh: Mesh,
  resource: Resource,
  kind: ObjectDocumentKind,
): string | undefined {
  return kind === 'received' ? received(mesh, resource) : status(mesh, resource)
}

/** Whether an object has such a document. */
export function hasObjectDocument(resource: Resource, kind: ObjectDocumentKind): boolean {
  const { type } = resource
  if (type === 'AuthorizationPolicy' || type === 'Service' || type === 'ServiceEntry') return true
  return kind === 'received' && (type === 'PeerAuthentication' || isWorkload(resource))
}

/** JSON in the shape of ztunnel's config dump (`istioctl ztunnel-config … -o json`), with comments. */
function received(mesh: Mesh, resource: Resource): string | undefined {
  const title = `What ztunnel receives for ${resource.type} ${shownName(resource)}`
  const unread = whyNotRead(mesh, resource)
  if (unread !== undefined)
    return withComments('//', [title, WHOLE_MESH, `Nothing: ${unread}.`], '')
  const found = receivedBy(mesh, resource)
  return (
    found &&
    withComments(
      '//',
      [title, WHOLE_MESH, ...found.notes],
      found.values.map((value) => `${JSON.stringify(value, undefined, 2)}\n`).join('\n'),
    )
  )
}

interface Received {
  readonly notes: readonly string[]
  readonly values: readonly unknown[]
}

function receivedBy(mesh: Mesh, resource: Resource): Received | undefined {
  const isHere = ({
    namespace,
    name,
  }: {
    readonly namespace: string
    readonly name: string
  }): boolean => namespace === resource.namespace && name === resource.name
  if (isWorkload(resource)) {
    const policies = mesh.get(policiesAtZtunnel, resource).map(({ authorization }) => authorization)
    return {
      notes: ['The workload, then the policies that its ztunnel enforces.'],
      values: [...dumpWorkloads(mesh).filter(isHere), ...policies],
    }
  }
  switch (resource.type) {
    case 'AuthorizationPolicy':
      return receivedOfPolicy(mesh, resource)
    case 'PeerAuthentication': {
      const converted = mesh
        .get(sentPolicies, '')
        .filter(
          ({ namespace, name }) =>
            namespace === resource.namespace && name === `${CONVERTED_PREFIX}${resource.name}`,
        )
      const notes = [
        'ztunnel receives PeerAuthentications as DENY policies.',
        ...(converted.length > 0
          ? []
          : [
              'There is none for this one: STRICT for all ports is one static policy of the root namespace,',
              'and the other modes need no policy.',
            ]),
      ]
      return { notes, values: converted }
    }
    case 'Service':
    case 'ServiceEntry': {
      const services = dumpServices(mesh).filter(isHere)
      return {
        notes:
          services.length > 0
            ? []
            : ['Nothing: ambient mode ignores Services of type ExternalName.'],
        values: services,
      }
    }
    default:
      return undefined
  }
}

function receivedOfPolicy(mesh: Mesh, policy: AuthorizationPolicy): Received {
  const conversion = mesh.get(conversionOf, policy)
  if (conversion.notSent)
    return { notes: [`Nothing: ${NOT_SENT[conversion.notSent]}.`], values: [] }
  const notes = rulesAtZtunnel(policy, conversion)
    .filter(({ note }) => note !== '')
    .map(({ index, note }) => `rules[${index}]: ${sentence(note)}`)
  return { notes, values: conversion.authorization ? [conversion.authorization] : [] }
}

/** YAML of `status.conditions`, without the times. */
function status(mesh: Mesh, resource: Resource): string | undefined {
  if (!hasObjectDocument(resource, 'status')) return undefined
  const conditions = mesh
    .get(predictedStatus, '')
    .filter((condition) => condition.resource === resource)
  const title = `The status that istiod would write for ${resource.type} ${shownName(resource)}`
  const off = mesh.settings.flag('AMBIENT_ENABLE_STATUS')
    ? []
    : ['None: AMBIENT_ENABLE_STATUS is off.']
  const none =
    off.length > 0
      ? off
      : [
          isUnnamed(resource.namespace)
            ? 'None: its namespace is not known from these files.'
            : 'None: istiod writes no condition of ambient mode for it.',
        ]
  if (conditions.length === 0) return withComments('#', [title, WHOLE_MESH, ...none], '')
  const lines = conditions.flatMap(({ type, status: value, reason, message }) => [
    `  - type: ${type}`,
    `    status: "${value}"`,
    `    reason: ${reason}`,
    ...messageLines(message),
  ])
  return withComments('#', [title, WHOLE_MESH], `status:\n  conditions:\n${lines.join('\n')}\n`)
}

/** A folded block scalar, so that a long message is not cut in a narrow editor. Each line break is one space. */
function messageLines(message: string): string[] {
  const width = WIDTH - INDENT.length
  const words = oneLine(message).split(' ')
  return words.join(' ') === message && words.every(({ length }) => length > 0 && length <= width)
    ? ['    message: >-', ...wrap(message, { width: WIDTH, first: INDENT, rest: INDENT })]
    : [`    message: ${JSON.stringify(message)}`]
}

const INDENT = ' '.repeat(6)

function withComments(mark: string, lines: readonly string[], text: string): string {
  const comments = lines.flatMap((line) =>
    wrap(line, { width: WIDTH, first: `${mark} `, rest: `${mark}   ` }),
  )
  return `${comments.join('\n')}\n${text}`
}
