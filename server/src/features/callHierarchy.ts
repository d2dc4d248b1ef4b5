import {
  allowedCallees,
  allowedCallers,
  takesPartInCalls,
  type AllowedCall,
  type Analysis,
  type Resource,
} from '@istio-ambient-policy/shared'
import type {
  CallHierarchyIncomingCall,
  CallHierarchyIncomingCallsParams,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  CallHierarchyOutgoingCallsParams,
  CallHierarchyPrepareParams,
  Connection,
} from 'vscode-languageserver'
import { answeringInSteps } from './answeringInSteps.js'
import { kindAndNamespace, placeOfObject, symbolKindOf } from './objectSymbol.js'
import { objectAt } from './objectAt.js'
import { answering, type RequestedFile, type ServerContext } from './serverContext.js'

/** A request about an item is one about the document that it was made from. */
interface OfItem {
  readonly textDocument: { readonly uri: string }
  readonly item: CallHierarchyItem
}

/** `textDocument/prepareCallHierarchy` and what follows: who may call a Service or workload, and whom it may call, by the policies of the mesh that the files describe. */
export function registerCallHierarchy(connection: Connection, context: ServerContext): void {
  connection.languages.callHierarchy.onPrepare(
    answering<CallHierarchyPrepareParams, CallHierarchyItem[]>(
      context,
      'call hierarchy',
      ({ file, analysis }, { position }) => {
        const found = objectAt(analysis, file, position)
        if (!found) return null
        const whole = context.wholeMesh(analysis)
        const { mesh } = whole
        const resource = whole.resource(found.resource)
        const item = takesPartInCalls(mesh, resource)
          ? itemOf(analysis, resource, context)
          : undefined
        return item ? [item] : null
      },
    ),
  )
  const incoming = answeringInSteps<OfItem, CallHierarchyIncomingCall[]>(
    context,
    'incoming calls',
    function* (requested, { item }) {
      const calls = yield* callsOf(requested, { item, context, ask: allowedCallers })
      return calls.map(({ item: from, detail }) => ({
        from: { ...from, detail },
        fromRanges: [from.selectionRange],
      }))
    },
  )
  const outgoing = answeringInSteps<OfItem, CallHierarchyOutgoingCall[]>(
    context,
    'outgoing calls',
    function* (requested, { item }) {
      const calls = yield* callsOf(requested, { item, context, ask: allowedCallees })
      return calls.map(({ item: to, detail }) => ({
        to: { ...to, detail: `${to.detail ?? ''}, ${detail}` },
        fromRanges: [item.selectionRange],
      }))
    },
  )
  connection.languages.callHierarchy.onIncomingCalls(
    ({ item }: CallHierarchyIncomingCallsParams, token) =>
      incoming({ textDocument: { uri: item.uri }, item }, token),
  )
  connection.languages.callHierarchy.onOutgoingCalls(
    ({ item }: CallHierarchyOutgoingCallsParams, token) =>
      outgoing({ textDocument: { uri: item.uri }, item }, token),
  )
}

interface Asked {
  readonly item: CallHierarchyItem
  readonly context: ServerContext
  readonly ask: (
    mesh: Analysis['mesh'],
    resource: Resource,
  ) => Generator<undefined, AllowedCall[], undefined>
}

function* callsOf(
  { file, analysis }: RequestedFile,
  { item, context, ask }: Asked,
): Generator<
  undefined,
  { readonly item: CallHierarchyItem; readonly detail: string }[],
  undefined
> {
  const whole = context.wholeMesh(analysis)
  const { mesh } = whole
  const found = objectAt(analysis, file, item.selectionRange.start)
  if (!found) return []
  const calls = yield* ask(mesh, whole.resource(found.resource))
  return calls.flatMap(({ resource, detail }) => {
    const other = itemOf(analysis, resource, context)
    return other ? [{ item: other, detail }] : []
  })
}

function itemOf(
  analysis: Analysis,
  resource: Resource,
  { diagnostics }: ServerContext,
): CallHierarchyItem | undefined {
  const place = placeOfObject(analysis, resource)
  return (
    place && {
      name: resource.name,
      kind: symbolKindOf(resource),
      detail: kindAndNamespace(resource),
      uri: diagnostics.uriOf(place.file),
      range: place.range,
      selectionRange: place.selectionRange,
    }
  )
}
