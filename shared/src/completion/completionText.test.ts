import { expect, it } from 'vitest'
import { choose, POLICY } from '../testing/completionsAt.js'

it.each([
  [
    '  rules:\n  - to:\n    - operation:\n        ports:\n        - █',
    '9090',
    '  rules:\n  - to:\n    - operation:\n        ports:\n        - "9090"',
  ],
  [
    '  rules:\n  - to:\n    - operation: {ports: ["80█"]}',
    '8080',
    '  rules:\n  - to:\n    - operation: {ports: ["8080"]}',
  ],
  [
    '  selector:\n    matchLabels:\n      version: █',
    '1',
    '  selector:\n    matchLabels:\n      version: "1"',
  ],
  [
    '  targetRefs:\n    - kind: Service\n      group: █',
    '""',
    '  targetRefs:\n    - kind: Service\n      group: ""',
  ],
  ['  targetRefs:\n  █', 'selector', '  targetRefs:\n  selector:\n    '],
  [
    '  targetRefs:\n  - █',
    'Service api',
    '  targetRefs:\n  - kind: Service\n    group: ""\n    name: api',
  ],
  [
    '  targetRefs:\n    █',
    'Service api',
    '  targetRefs:\n    - kind: Service\n      group: ""\n      name: api',
  ],
  [
    '  targetRefs: [█]',
    'Gateway waypoint',
    '  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}]',
  ],
  ['  rules:\n  - fr█', 'from', '  rules:\n  - from:\n    - '],
  ['  rules:\n    █', 'to', '  rules:\n    - to:\n      - '],
  ['  rules: [{█}]', 'from', '  rules: [{from: []}]'],
  ['  rules:\n  - fr█:', 'from', '  rules:\n  - from:'],
  [
    '  rules:\n  - when:\n    - {key: request█}',
    'request.headers[x-name]',
    '  rules:\n  - when:\n    - {key: "request.headers[x-name]"}',
  ],
])('in %j the completion %s writes valid YAML', (text, label, expected) => {
  expect(choose(POLICY + text, label)).toBe(POLICY + expected)
})
