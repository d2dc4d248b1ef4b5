// A small `helm template`, for tests: values, release, if, range, include of a name, comments and trimming.
// Prints objects in the order of Helm: the kinds first that others need.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const [command, release, folder, ...options] = process.argv.slice(2)
const ORDER = ['Namespace', 'ServiceAccount', 'Service', 'Deployment']

if (command !== 'template') fail(`unknown command "${command}"`)
if (options.includes('--post-renderer')) fail('no post-renderer here')
const valuesOf = (name) => options.filter((_, index) => options[index - 1] === name)
const namespace = valuesOf('--namespace')[0] ?? 'default'
const chart = parse(readFileSync(join(folder, 'Chart.yaml'), 'utf8'))
const files = [join(folder, 'values.yaml'), ...valuesOf('--values')].filter((file) =>
  existsSync(file),
)
const values = Object.assign({}, ...files.map((file) => parse(readFileSync(file, 'utf8')) ?? {}))
for (const variable of ['KUBECONFIG', 'HELM_DATA_HOME'])
  if (!process.env[variable]?.includes('ambient-policy-')) fail(`${variable} of the user`)
if (values.sleep) await new Promise((resolve) => setTimeout(resolve, values.sleep))

const documents = readdirSync(join(folder, 'templates'))
  .filter((name) => /\.ya?ml$/.test(name))
  .flatMap((name) =>
    documentsOf(
      `${chart.name}/templates/${name}`,
      readFileSync(join(folder, 'templates', name), 'utf8'),
    ),
  )
const rank = ({ kind }) => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length)
documents.sort((a, b) => rank(a) - rank(b))
process.stdout.write(
  documents.map(({ source, text }) => `---\n# Source: ${source}\n${text}\n`).join(''),
)

function documentsOf(source, template) {
  return execute(template, source)
    .split(/(?:^|\s*\n)---\s*/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      try {
        return { source, text, kind: parse(text)?.kind }
      } catch (error) {
        return fail(`YAML parse error on ${source}: ${error.message}`)
      }
    })
}

/** Runs a template. A token is text, or an action without braces. */
function execute(template, source) {
  const tokens = []
  let rest = template
  for (let match; (match = /\s*\{\{-\s|\{\{\s?/.exec(rest));) {
    tokens.push({ text: rest.slice(0, match.index) })
    rest = rest.slice(match.index + match[0].length)
    const end = rest.indexOf('}}')
    if (end < 0) fail(`template: ${source}: unclosed action`)
    const action = rest.slice(0, end)
    rest = rest.slice(end + 2)
    if (action.endsWith('-')) rest = rest.trimStart()
    tokens.push({ action: action.replace(/-$/, '').trim() })
  }
  tokens.push({ text: rest })
  let at = 0
  const run = (dot, active) => {
    let output = ''
    for (; at < tokens.length; at++) {
      const { text, action } = tokens[at]
      if (text !== undefined) output += active ? text : ''
      else if (action === 'end') return output
      else if (/^(?:if|range) /.test(action)) {
        const [word, path] = action.split(' ')
        const value = valueOf(path, dot)
        const items = word === 'if' ? (value ? [dot] : []) : (value ?? [])
        const start = ++at
        for (const item of items) {
          at = start
          output += run(item, active)
        }
        if (items.length === 0) run(dot, false)
      } else if (active && !action.startsWith('/*')) output += textOf(action, dot)
    }
    return output
  }
  return run({}, true)
}

function textOf(action, dot) {
  const [path, ...filters] = action.split(/\s*\|\s*/)
  const value = valueOf(path, dot)
  const text = Array.isArray(value)
    ? value.map((item) => `- ${item}`).join('\n')
    : String(value ?? '')
  const indent = /^nindent (\d+)$/.exec(filters[0] ?? '')?.[1]
  return indent === undefined
    ? text
    : text.replace(/^/gm, ' '.repeat(Number(indent))).replace(/^/, '\n')
}

function valueOf(path, dot) {
  const context = { Values: values, Release: { Name: release, Namespace: namespace }, Chart: chart }
  if (path === '.') return dot
  return path
    .split('.')
    .slice(1)
    .reduce((value, key) => value?.[key], context)
}

function fail(message) {
  process.stderr.write(`Error: ${message}\n`)
  process.exit(1)
}
