// Messages to the server of the Model Context Protocol: each request has one answer with its id, and no tool leaves the
// root folder.
import { MESH } from '../../server/src/cli/testing/commandMesh.ts'
import { TOOLS } from '../../server/src/mcp/tools.ts'
import { FOLDER, run } from './commandLine.mjs'
import { MemoryDisk } from './memoryDisk.mjs'
import { damage, damaged, PIECES } from './pieces.mjs'

const VALUES = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    '',
    '.',
    '..',
    'a.yaml',
    '/etc/passwd',
    '../outside',
    'a\0b',
    '-x',
  ],
  ...[
    '--format=json',
    'shop/api',
    'shop/web',
    'Service/shop/api',
    'x'.repeat(400),
    [],
    {},
    [[]],
    [null],
  ],
  ...[
    ['a.yaml'],
    ['..'],
    ['/'],
    ['-'],
    { namespace: 'shop', serviceAccount: 'web' },
    { ip: '10.0.0.1' },
  ],
  ...[
    { service: 'shop/api', port: 80 },
    { service: 'shop/api', port: 0 },
    { method: 'GET', path: '/' },
  ],
  ...[[{ file: 'b.yaml', text: MESH }], [{ file: '../b.yaml', text: '' }], [{ file: 'a.yaml' }]],
]
const METHODS = [
  ...['initialize', 'ping', 'tools/list', 'notifications/initialized', 'notifications/cancelled'],
  ...[
    'resources/list',
    '',
    '__proto__',
    'tools/call',
    'tools/call',
    'tools/call',
    'tools/call',
    'tools/call',
  ],
]

export const messages = {
  name: 'messages',
  count: 3_000,
  draw: (random) => ({
    parts: Array.from({ length: 1 + random.below(3) }, () => lineOf(random)),
    units: 1,
  }),
  async check({ parts }) {
    const host = new MemoryDisk()
    host.files.set(`${FOLDER}/a.yaml`, MESH)
    host.files.set('/outside/secret.yaml', 'kind: Secret\nmetadata: {name: secret}\n')
    const read = host.readFile.bind(host)
    let outside
    host.readFile = (path, maxBytes) => {
      if (path !== FOLDER && !path.startsWith(`${FOLDER}/`)) outside = path
      return read(path, maxBytes)
    }
    const { status, out, errors } = await run(host, ['mcp'], `${parts.join('\n')}\n`)
    if (status !== 0 || errors.length > 0) return `The server ends with ${status}: ${errors.join()}`
    if (outside !== undefined) return `A tool reads ${outside}.`
    const answers = out.split('\n').filter((line) => line !== '')
    const expected = parts
      .join('\n')
      .split('\n')
      .flatMap((line) => requestsIn(line))
    const ids = answers.flatMap((line) => [JSON.parse(line)].flat()).map(({ id }) => id)
    const missing = expected.find((id) => !ids.includes(id))
    if (missing !== undefined) return `The request ${JSON.stringify(missing)} has no answer.`
    const failed = answers.find((line) => line.includes('Internal error.'))
    return failed === undefined ? undefined : `The server fails: ${failed}`
  },
  show: ({ parts }) => parts.join('\n'),
}

function lineOf(random) {
  const message = {
    jsonrpc: '2.0',
    id: random.pick([1, 2, 'a', 'a', null, 1.5, undefined]),
    method: random.pick(METHODS),
    params: random.chance(90) ? paramsOf(random) : random.pick(VALUES),
  }
  const text = JSON.stringify(random.chance(90) ? message : [message, random.pick(VALUES)])
  return random.chance(15) ? damage(text, random) : text
}

function paramsOf(random) {
  const tool = random.pick(TOOLS)
  const { properties = {}, required = [] } = tool.inputSchema
  const names = [
    ...required.filter(() => random.chance(90)),
    ...Object.keys(properties).filter(() => random.chance(30)),
    ...(random.chance(10) ? [random.pick(PIECES)] : []),
  ]
  return {
    name: random.chance(95) ? tool.name : random.pick(PIECES),
    arguments: Object.fromEntries(names.map((name) => [name, valueOf(properties[name], random)])),
  }
}

/** A value that fits a schema, or any value. */
function valueOf(schema, random) {
  if (!schema || random.chance(25)) return random.pick(VALUES)
  if (schema.enum) return random.pick(schema.enum)
  if (schema.type === 'integer') return random.below(5)
  if (schema.type === 'array')
    return Array.from({ length: random.below(3) }, () => valueOf(schema.items, random))
  if (schema.type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([name]) => schema.required?.includes(name) || random.chance(30))
        .map(([name, each]) => [name, valueOf(each, random)]),
    )
  return damaged(random.pick(['shop/api', 'shop/web', 'shop', 'a.yaml', 'GET', '/']), random, {
    most: 1,
  })
}

/** The ids of the requests in a line that is valid. */
function requestsIn(line) {
  let value
  try {
    value = JSON.parse(line)
  } catch {
    return []
  }
  return [value]
    .flat()
    .filter((each) => each?.jsonrpc === '2.0' && typeof each.method === 'string')
    .flatMap(({ id }) => (typeof id === 'string' || typeof id === 'number' ? [id] : []))
}
