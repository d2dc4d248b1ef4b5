// Configurations of ztunnel: reading and comparing them must not throw, and `compare` must not print them as commands.
import { compareDump, readDump } from '../../shared/src/index.ts'
import { analyse } from '../../shared/src/testing/checkFiles.ts'
import { MESH } from '../../server/src/cli/testing/commandMesh.ts'
import { FOLDER, problemOfOutput, run } from './commandLine.mjs'
import { MemoryDisk } from './memoryDisk.mjs'
import { damaged, PIECES } from './pieces.mjs'

const DUMP = {
  workloads: [
    {
      workloadIps: ['10.0.0.1'],
      protocol: 'HBONE',
      uid: 'Kubernetes//Pod/shop/api-6d-abcde',
      name: 'api-6d-abcde',
      namespace: 'shop',
      serviceAccount: 'api',
      workloadName: 'api',
      authorizationPolicies: ['shop/readers'],
      waypoint: { destination: '/10.96.0.9', port: 15008 },
    },
  ],
  services: [
    {
      name: 'api',
      namespace: 'shop',
      hostname: 'api.shop.svc.cluster.local',
      vips: ['/10.96.0.7'],
      waypoint: { destination: '/10.96.0.9', port: 15008 },
    },
    { name: 'waypoint', namespace: 'shop', hostname: 'w', vips: ['/10.96.0.9'] },
  ],
  policies: [
    {
      name: 'readers',
      namespace: 'shop',
      scope: 'WorkloadSelector',
      action: 'Allow',
      rules: [[[{ serviceAccounts: [{ namespace: 'shop', serviceAccount: 'web' }] }]]],
    },
  ],
}
const VALUES = [
  ...[null, true, 0, -1, 1e300, '', 'shop', [], {}, [[]], [null], ['a', 1], { a: { b: [{}] } }],
  ...[{ constructor: 1 }, '__proto__', 'a'.repeat(300), ['shop/readers', 'shop/readers']],
]
const COMMAND_OF = 50

let analysis

export const dumps = {
  name: 'dumps',
  count: 10_000,
  draw(random) {
    const value = changed(random.chance(60) ? DUMP : random.pick(Object.values(DUMP)), random)
    const text = JSON.stringify(value)
    return {
      context: { command: random.below(COMMAND_OF) === 0, json: random.chance(50) },
      parts: [random.chance(20) ? damaged(text, random) : text],
      units: 1,
    }
  },
  check({ context, parts: [text] }) {
    analysis ??= analyse({ 'a.yaml': MESH }, { world: 'closed' })
    const { config, problem } = readDump(jsonOf(text))
    if (!config && !problem) return 'The dump is not read, and there is no reason.'
    if (config) compareDump(analysis.mesh, config)
    return context.command ? compare(text, context.json) : undefined
  },
  show: ({ parts }) => parts.join(''),
}

/** A value with some parts replaced, removed, repeated or renamed. */
function changed(value, random) {
  if (random.below(30) === 0) return random.chance(50) ? random.pick(VALUES) : random.pick(PIECES)
  if (Array.isArray(value))
    return value.flatMap((item) =>
      random.pick([1, 1, 1, 1, 1, 2, 0]) === 0
        ? []
        : Array.from({ length: 1 + (random.below(9) === 0) }, () => changed(item, random)),
    )
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' && random.below(8) === 0 ? damaged(value, random) : value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      random.below(12) === 0
        ? []
        : [[random.below(20) === 0 ? random.pick(PIECES) : key, changed(item, random)]],
    ),
  )
}

function jsonOf(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function compare(text, isJson) {
  const host = new MemoryDisk()
  host.files.set(`${FOLDER}/mesh/a.yaml`, MESH)
  const args = ['compare', '-', 'mesh', ...(isJson ? ['--format', 'json'] : [])]
  return problemOfOutput(args, await run(host, args, text))
}
