import type { RequestTarget } from '../access/request.js'
import type { AccessBox } from './accessBoxes.js'

/** `method DELETE, POST; path /admin*`, or `all requests`. */
export function requestsInWords(requests: AccessBox['requests']): string {
  const parts = Object.entries(requests).map(([name, words]) =>
    name === 'protocol' || words.some((each) => each.startsWith('any '))
      ? words.join(', ')
      : `${name} ${words.join(', ')}`,
  )
  return parts.length === 0 ? 'all requests' : parts.join('; ')
}

/** `Service shop/api port 80`. */
export function targetInWords(target: RequestTarget): string {
  return `${targetName(target)} port ${target.port}`
}

/** `Service shop/api`. */
export function targetName(target: RequestTarget): string {
  if ('service' in target) return `Service ${target.service}`
  return 'workload' in target ? `workload ${target.workload}` : `host ${target.host}`
}
