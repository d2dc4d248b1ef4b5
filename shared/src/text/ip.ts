/**
 * An IP address or block, read as Go's net/netip does (docs/semantics.md §5.6), because istiod
 * silently drops what netip rejects. Libraries for JavaScript differ: they accept octal or
 * shortened IPv4 addresses, or reject zones.
 */
export interface Cidr {
  readonly version: 4 | 6
  readonly address: bigint
  readonly length: number
}

/** An address (`/32`, `/128`) or a prefix; undefined if netip fails. Host bits are kept. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.lastIndexOf('/')
  if (slash < 0) return parseAddress(text)
  const address = text.includes('%') ? undefined : parseAddress(text.slice(0, slash))
  const bits = text.slice(slash + 1)
  if (!address || !/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > address.length)
    return undefined
  return { ...address, length: Number(bits) }
}

export function parseAddress(text: string): Cidr | undefined {
  return text.includes(':') ? parseIPv6(text) : parseIPv4(text)
}

function parseIPv4(text: string): Cidr | undefined {
  const parts = text.split('.')
  if (
    parts.length !== 4 ||
    !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  )
    return undefined
  return {
    version: 4,
    address: BigInt(parts.reduce((value, part) => value * 256 + Number(part), 0)),
    length: 32,
  }
}

function parseIPv6(text: string): Cidr | undefined {
  const percent = text.indexOf('%')
  if (percent === text.length - 1) return undefined
  const [head = '', tail, more] = expandIPv4Tail(
    percent < 0 ? text : text.slice(0, percent),
  )?.split('::') ?? ['x']
  if (more !== undefined) return undefined
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = 8 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return {
    version: 6,
    address: groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n),
    length: 128,
  }
}

/** `::ffff:1.2.3.4` → `::ffff:102:304`; undefined if the IPv4 part is invalid. */
function expandIPv4Tail(text: string): string | undefined {
  const colon = text.lastIndexOf(':')
  const last = text.slice(colon + 1)
  if (!last.includes('.')) return text
  const ipv4 = parseIPv4(last)
  if (!ipv4) return undefined
  return `${text.slice(0, colon + 1)}${(ipv4.address >> 16n).toString(16)}:${(ipv4.address & 0xffffn).toString(16)}`
}

/**
 * Whether an address is in a block. IPv4 and IPv6 never match, also not for IPv4-mapped addresses.
 */
export function contains(block: Cidr, address: Cidr): boolean {
  if (block.version !== address.version) return false
  const shift = BigInt((block.version === 4 ? 32 : 128) - block.length)
  return block.address >> shift === address.address >> shift
}

/** An IPv4-mapped IPv6 address as IPv4, as sockets report it (`Z:src/socket.rs`). */
export function canonicalAddress(address: Cidr): Cidr {
  if (address.version === 4 || address.address >> 32n !== 0xffffn) return address
  return { version: 4, address: address.address & 0xffffffffn, length: 32 }
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr)}/${String(cidr.length)}`
}

/** An address without its length. */
export function formatAddress({ version, address }: Cidr): string {
  if (version === 4)
    return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  )
  const zeros = longestZeros(groups)
  if (zeros.length < 2) return groups.join(':')
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  return best
}
