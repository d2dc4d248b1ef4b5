// Addresses and prefixes that Go's net/netip accepts. It refuses leading zeros and short forms, which other libraries take.

/** `netip.ParseAddr`. */
export function isAddress(text: string): boolean {
  return text.includes(':') ? isIPv6(text) : isIPv4(text)
}

/** `netip.ParsePrefix`. A zone is refused, bits behind the prefix are not. */
export function isPrefix(text: string): boolean {
  const slash = text.lastIndexOf('/')
  const address = text.slice(0, slash)
  const bits = text.slice(slash + 1)
  return slash >= 0 && !address.includes('%') && isAddress(address) && /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (address.includes(':') ? 128 : 32)
}

function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

function isIPv6(text: string): boolean {
  const percent = text.indexOf('%')
  if (percent === text.length - 1) return false
  const address = percent < 0 ? text : text.slice(0, percent)
  const halves = address.split('::')
  if (halves.length > 2) return false
  const [left = [], right] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const groups = [...left, ...(right ?? [])]
  const last = groups.at(-1)
  const hasIPv4 = last?.includes('.') === true && !address.endsWith('::')
  if (hasIPv4 && !isIPv4(last)) return false
  const hex = hasIPv4 ? groups.slice(0, -1) : groups
  const count = hex.length + (hasIPv4 ? 2 : 0)
  return hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (right ? count <= 7 : count === 8)
}
