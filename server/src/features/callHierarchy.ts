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
import { steppedRequestHandler } from './steppedRequestHandler.js'
import { kindAndNamespace, placeOfObject, symbolKindOf } from './objectSymbol.js'
import { objectAt } from './objectAt.js'
import { requestHandler, type RequestedFile, type ServerContext } from './serverContext.js'

/** A request about an item, with the document of the item. */
interface ItemParams {
  readonly textDocument: { readonly uri: string }
  readonly item: CallHierarchyItem
}

/** Call hierarchy: the clients that may call a Service or workload, and the destinations that it may call. */
export function registerCallHierarchy(connection: Connection, context: ServerContext): void {
  connection.languages.callHierarchy.onPrepare(
    requestHandler<CallHierarchyPrepareParams, CallHierarchyItem[]>(
      context,
      'call hierarchy',
      ({ file, analysis }, { position }) => {
        const found = objectAt(analysis, file, position)
        if (!found) return null
        const closed = context.closedMesh(analysis)
        const { mesh } = closed
        const resource = closed.resource(found.resource)
        const item = takesPartInCalls(mesh, resource)
          ? itemOf(analysis, resource, context)
          : undefined
        return item ? [item] : null
      },
    ),
  )
  const incoming = steppedRequestHandler<ItemParams, CallHierarchyIncomingCall[]>(
    context,
    'incoming calls',
    function* (requested, { item }) {
      const calls = yield* callsOf(requested, { item, context, allowedCalls: allowedCallers })
      return calls.map(({ item: from, detail }) => ({
        from: { ...from, detail },
        fromRanges: [from.selectionRange],
      }))
    },
  )
  const outgoing = steppedRequestHandler<ItemParams, CallHierarchyOutgoingCall[]>(
    context,
    'outgoing calls',
    function* (requested, { item }) {
      const calls = yield* callsOf(requested, { item, context, allowedCalls: allowedCallees })
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

interface CallsOptions {
  readonly item: CallHierarchyItem
  readonly context: ServerContext
  readonly allowedCalls: (
    mesh: Analysis['mesh'],
    resource: Resource,
  ) => Generator<undefined, AllowedCall[], undefined>
}

function* callsOf(
  { file, analysis }: RequestedFile,
  { item, context, allowedCalls }: CallsOptions,
): Generator<
  undefined,
  { readonly item: CallHierarchyItem; readonly detail: string }[],
  undefined
> {
  const found = objectAt(analysis, file, item.selectionRange.start)
  if (!found) return []
  const closed = context.closedMesh(analysis)
  const calls = yield* allowedCalls(closed.mesh, closed.resource(found.resource))
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
