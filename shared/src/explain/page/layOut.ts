import type { Explanation } from '../explanation.js'
import { accountBlocks } from './accountBlocks.js'
import { asItem, list, type Block } from './blocks.js'
import { peerBlocks } from './peerBlocks.js'
import { policyBlocks } from './policyBlocks.js'
import { subjectBlocks } from './subjectBlocks.js'

/** The blocks of an explanation, from top to bottom, without empty ones. */
export function layOut(explanation: Explanation): Block[] {
  const name =
    explanation.namespace === null
      ? explanation.name
      : `${explanation.namespace}/${explanation.name}`
  const title: Block = { type: 'title', kind: explanation.kind, name, summary: explanation.summary }
  const ends = [
    list('Assumptions', explanation.assumptions.map(asItem)),
    list('Not known from these files', explanation.unknowns.map(asItem)),
  ]
  const body = bodyOf(explanation)
  // The table of the documentation is the same for every policy, so what this policy does comes first.
  const isReference = ({ type }: Block): boolean =>
    explanation.kind === 'AuthorizationPolicy' && type === 'table'
  const blocks = [
    title,
    ...body.filter((block) => !isReference(block)),
    ...ends,
    ...body.filter(isReference),
  ]
  return blocks.filter((block) =>
    block.type === 'list'
      ? block.items.length > 0
      : block.type === 'title' || block.rows.length > 0,
  )
}

function bodyOf(explanation: Explanation): Block[] {
  switch (explanation.kind) {
    case 'AuthorizationPolicy':
      return policyBlocks(explanation)
    case 'PeerAuthentication':
      return peerBlocks(explanation)
    case 'ServiceAccount':
      return accountBlocks(explanation)
    default:
      return subjectBlocks(explanation)
  }
}
