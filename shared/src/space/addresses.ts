import { formatAddress, parseCidr } from '../text/ip.js'
import type { Atom } from './atom.js'
import { GENERALITY, type Candidate } from './candidate.js'
import { checkCount } from './limits.js'
import { textCandidates, type TextCandidate } from './strings.js'
import type { TextPattern } from './textPattern.js'

/** Addresses for documentation, which no policy is likely to name (RFC 5737, RFC 3849). */
export const OTHER_IPV4 = '192.0.2.9'
const OTHER_IPV6 = '2001:db8:ffff::9'

/**
 * Addresses of clients: of both families, at both ends of each block and beside it, and IPv4-mapped. Where a proxy
 * reads `x-forwarded-for`, each of them with each forwarded address.
 */
export function addressCandidates(atoms: readonly Atom[], most: number): Candidate[] {
  const constants = atoms.map(({ constant }) => constant)
  const blocks = [
    ...new Set(constants.flatMap((each) => (each.type === 'block' ? each.block : []))),
  ]
  const addresses = addressesOf(blocks)
  const plain = addresses.map(({ text, ...words }): Candidate => ({
    ...words,
    patch: { from: { ip: text } },
  }))
  const patterns = constants.flatMap((each) => (each.type === 'text' ? each.pattern : []))
  if (patterns.length === 0 && !constants.some((each) => each.type === 'block' && each.isRemote))
    return plain
  const forwardedFor = forwardedValues(addresses, patterns, most)
  checkCount(plain.length * forwardedFor.length, most)
  return [
    ...plain,
    ...forwardedFor.flatMap((forwarded) =>
      plain.map(({ patch, words, generality }): Candidate => ({
        patch: { ...patch, http: { headers: { 'x-forwarded-for': forwarded.value } } },
        words:
          generality === GENERALITY.rest
            ? `any address, forwarded for ${forwarded.words}`
            : `${words}, forwarded for ${forwarded.words}`,
        generality:
          generality === GENERALITY.rest && forwarded.generality === GENERALITY.rest
            ? GENERALITY.group
            : GENERALITY.part,
      })),
    ),
  ]
}

function addressesOf(blocks: readonly string[]): TextCandidate[] {
  const rest = (text: string): TextCandidate => ({
    text,
    words: text.includes(':') ? 'any other IPv6 address' : 'any other address',
    generality: GENERALITY.rest,
  })
  const found = [
    ...blocks.flatMap((block) => firstOf(block)),
    rest(OTHER_IPV4),
    rest(OTHER_IPV6),
    ...blocks.flatMap((block) => besides(block).map(rest)),
  ]
  const mapped = found.flatMap(({ text, words }): TextCandidate[] =>
    text.includes(':')
      ? []
      : [{ text: `::ffff:${text}`, words: `${words} (IPv4-mapped)`, generality: GENERALITY.part }],
  )
  return [...new Map([...found, ...mapped].map((each) => [each.text, each])).values()]
}

function firstOf(block: string): TextCandidate[] {
  const edges = edgesOf(block)
  if (!edges) return []
  return [
    {
      text: formatAddress({ ...edges, address: edges.first }),
      words: block,
      generality: GENERALITY.pattern,
    },
  ]
}

/** The last address before a block and the first address behind it. */
function besides(block: string): string[] {
  const edges = edgesOf(block)
  if (!edges) return []
  const { first, behind, bits } = edges
  return [first - 1n, behind]
    .filter((address) => address >= 0n && address < 1n << BigInt(bits))
    .map((address) => formatAddress({ ...edges, address }))
}

function edgesOf(
  block: string,
): { version: 4 | 6; length: number; bits: number; first: bigint; behind: bigint } | undefined {
  const cidr = parseCidr(block)
  if (!cidr) return undefined
  const { version, length, address } = cidr
  const bits = version === 4 ? 32 : 128
  const size = 1n << BigInt(bits - length)
  const first = (address / size) * size
  return { version, length, bits, first, behind: first + size }
}

interface Forwarded extends Omit<TextCandidate, 'text'> {
  readonly value: string | readonly string[]
}

/** Values of `x-forwarded-for`: proxies read the last address, conditions on the header read every line. */
function forwardedValues(
  addresses: readonly TextCandidate[],
  patterns: readonly TextPattern[],
  most: number,
): Forwarded[] {
  const single = addresses.map(({ text, ...words }): Forwarded => ({ ...words, value: text }))
  if (patterns.length === 0) return single
  const texts = textCandidates(patterns, 'any other text', most)
  checkCount(texts.length * (addresses.length + texts.length), most)
  return [
    ...single,
    ...texts.map(({ text, ...words }): Forwarded => ({ ...words, value: text })),
    ...texts.flatMap((first) =>
      [...addresses, ...texts].map((last): Forwarded => ({
        value: [first.text, last.text],
        words: `${first.words} and ${last.words}`,
        generality: GENERALITY.list,
      })),
    ),
  ]
}
