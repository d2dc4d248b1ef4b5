import { afterAll, expect, it } from 'vitest'
import { helpTexts } from './helpTexts.js'
import { createCliFolder } from './testing/cliFolder.js'
import { MESH, words } from './testing/commandMesh.js'

const { run, remove } = createCliFolder({
  'good/mesh.yaml': MESH,
  'two/one/mesh.yaml': MESH,
  'two/two/mesh.yaml': MESH,
  'two/.ambient-policy.yaml': 'meshRoots: [one, two]\n',
  'requests.jsonl': '{"from":{"ip":"10.0.0.1"},"to":{"service":"shop/api","port":80}}\n',
  'malformed.jsonl':
    '{"id":"1","from":{"ip":"10.0.0.1"},"to":{"service":"shop/api","port":80}}\n{"id":"2","from":{},"to":{}}\n',
  'no-json.jsonl': '{"id":\n',
})
afterAll(remove)

const FORMATS = 'text, json, sarif, github, gitlab, junit, markdown'

it.each([
  ['check --frmat json', "unknown option '--frmat' (Did you mean --format?)"],
  ['check --format xml', `--format must be one of ${FORMATS}, not "xml"`],
  ['chek', "unknown command 'chek' (Did you mean check?)"],
  ['', 'unknown command \'\': see "ambient-policy --help"'],
  ['ztunnel-config', 'missing command: see "ambient-policy ztunnel-config --help"'],
  ['ztunnel-config polices', "unknown command 'polices' (Did you mean policies?)"],
  ['good', 'unknown command \'good\': to check it, use "ambient-policy check good"'],
  ['nothing', 'unknown command \'nothing\': see "ambient-policy --help"'],
  ['help nothing', 'unknown command \'nothing\': see "ambient-policy --help"'],
  ['help chek', "unknown command 'chek' (Did you mean check?)"],
  ['check --nothing', 'unknown option \'--nothing\': see "ambient-policy check --help"'],
  ['explain', 'missing required argument \'object\': see "ambient-policy explain --help"'],
  [
    'ztunnel-config services --nothing',
    'unknown option \'--nothing\': see "ambient-policy ztunnel-config services --help"',
  ],
  [
    'check --settings',
    'option \'--settings <file>\' argument missing: see "ambient-policy check --help"',
  ],
  ['check nowhere', 'nowhere does not exist'],
  ['explain Service', 'the object must be KIND/NAMESPACE/NAME or KIND/NAME, not "Service"'],
  ['explain Service/shop/other good', 'Service/shop/other is not in these files'],
  [
    'explain Service/shop/apis good',
    'Service/shop/apis is not in these files; did you mean Service/shop/api?',
  ],
  [
    'explain svc/shop/readers good',
    'svc/shop/readers is not in these files; did you mean AuthorizationPolicy/shop/readers?',
  ],
  [
    'explain Service/store/api good',
    'Service/store/api is not in these files; did you mean Service/shop/api?',
  ],
  [
    'rules l7-allow-rule-droped',
    'unknown rule "l7-allow-rule-droped" (did you mean "l7-allow-rule-dropped"?): "ambient-policy rules" lists all rules',
  ],
  ['rules nothing', 'unknown rule "nothing": "ambient-policy rules" lists all rules'],
  [
    'ztunnel-config services two',
    'two contains 2 meshes (setting meshRoots): use the paths of one of them',
  ],
  [
    'evaluate --from web --to service shop/api --port 80',
    '--from must be NAMESPACE/SERVICE-ACCOUNT, not "web"',
  ],
  ['evaluate --to service shop/api --port 80', 'missing --from or --from-ip'],
  ['evaluate --from shop/web --to service shop/api', 'missing --port'],
  [
    'evaluate --from shop/web --port 80',
    'missing --to: it must be "service NAMESPACE/NAME", "workload NAMESPACE/NAME" or "host NAME"',
  ],
  [
    'evaluate --from shop/web --to shop/api --port 80',
    '--to must be "service NAMESPACE/NAME", "workload NAMESPACE/NAME" or "host NAME", not "shop/api"',
  ],
  [
    'evaluate --from shop/web --to service api --port 80',
    '--to service must be NAMESPACE/NAME, not "api"',
  ],
  [
    'evaluate --from shop/web --to service shop/api --port http',
    '--port must be a number, not "http"',
  ],
  [
    'evaluate --from shop/web --to service shop/api --port 80 --header x',
    '--header must be KEY=VALUE, not "x"',
  ],
  [
    'evaluate --from-ip 10.0.0.256 --to service shop/api --port 80',
    '--from-ip must be an IP address, not "10.0.0.256"',
  ],
  [
    'evaluate --requests malformed.jsonl good',
    'malformed.jsonl:2: from needs namespace and serviceAccount, or ip',
  ],
  [
    'evaluate --requests no-json.jsonl good',
    'no-json.jsonl:1: is not JSON: Unexpected end of JSON input',
  ],
  ['evaluate --requests none.jsonl good', 'none.jsonl does not exist'],
  [
    'evaluate --requests requests.jsonl --method GET good',
    '--requests cannot be used with options that describe a request',
  ],
  ['evaluate --requests - -', 'standard input can be the requests or the manifests, not both'],
])('the wrong command line "%s" prints one line and exits with 2', async (commandLine, line) => {
  expect(await run(words(commandLine))).toEqual({ status: 2, out: '', errors: [line] })
})

it('a missing command prints one line and exits with 2', async () => {
  const line = 'missing command: see "ambient-policy --help"'
  expect(await run([])).toEqual({ status: 2, out: '', errors: [line] })
})

it('without a command, one line names the help', async () => {
  expect(await run([])).toEqual({
    status: 2,
    out: '',
    errors: ['missing command: see "ambient-policy --help"'],
  })
})

it.each(helpTexts().map(({ commandLines, text }) => [commandLines[0] ?? '', text]))(
  'the lines of "%s" fit into a terminal of 80 columns',
  (_, text) => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  },
)
