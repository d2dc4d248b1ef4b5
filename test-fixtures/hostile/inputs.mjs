const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: n\n'
const POLICY = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: after\n  namespace: n\nspec: {}\n'
const lines = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('\n') + '\n'

/**
 * Inputs that no editor should die of. Each small one ends with a document of its own, an AuthorizationPolicy "after", which has to be found whatever
 * stands before it.
 *
 * @param divisor makes the inputs smaller whose answer does not depend on their size.
 */
export function* hostileFiles({ big = true, divisor = 1 } = {}) {
  for (const [name, text] of Object.entries(inputs((count) => Math.ceil(count / divisor)))) yield [`${name}.yaml`, typeof text === 'string' ? `${text}${text.endsWith('\n') ? '' : '\n'}---\n${POLICY}` : text]
  yield ['lone-cr.yaml', `${HEAD}---\n${POLICY}`.replaceAll('\n', '\r')]
  yield ['crlf.yaml', `${HEAD}---\n${POLICY}`.replaceAll('\n', '\r\n')]
  yield ['bom.yaml', `\uFEFF${HEAD}---\n${POLICY}`]
  yield ['invalid-utf8.yaml', Buffer.concat([Buffer.from(HEAD), Buffer.from([0x20, 0x20, 0x78, 0x3a, 0x20, 0xff, 0xfe, 0x0a]), Buffer.from(`---\n${POLICY}`)])]
  yield ['jsonnet.yaml', 'local k = import "k.libsonnet";\n{\n  apiVersion: "v1",\n  kind: "Pod",\n  metadata: { name: std.format("%s", "x") },\n}\n']
  yield ['utf16le.yaml', Buffer.from(`\uFEFF${HEAD}`, 'utf16le')]
  yield ['binary.yaml', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 167 + (index >> 3)) & 255))]
  if (big) yield* bigFiles()
}

function inputs(many) {
  const laughs = lines(12, (level) => `l${level}: &l${level} [${Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*l${level - 1}`)).join(', ')}]`)
  const nested = (count) => lines(count, (depth) => `${' '.repeat(depth)}a:`)
  return {
    'alias-bomb': HEAD + laughs,
    'alias-bomb-ignored': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n${laughs}`,
    'merge-chain': HEAD + lines(2_000, (step) => `s${step}: &s${step}\n  k${step}: 1${step === 0 ? '' : `\n  <<: *s${step - 1}`}`),
    'anchors-20000': `${HEAD}x:\n${lines(many(20_000), (index) => `  k${index}: &a${index} v`)}`,
    'aliases-20000': `${HEAD}x:\n  - &a v\n${lines(20_000, () => '  - *a')}`,
    'unknown-aliases': `${HEAD}x:\n${lines(many(5_000), (index) => `  - *a${index}`)}`,
    'self-alias': `${HEAD}x: &x\n  - *x\n`,
    'deep-flow-1000': `${HEAD}x: ${'['.repeat(1_000)}${']'.repeat(1_000)}\n`,
    'deep-flow-10000': `${HEAD}x: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
    'deep-block-1000': `${HEAD}x:\n${nested(1_000)}`,
    'deep-sequence-10000': `${HEAD}x:\n  ${'- '.repeat(10_000)}y\n`,
    'deep-json': `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "x": ${'['.repeat(1_000)}${']'.repeat(1_000)}}\n`,
    'deep-lock': `{"lock": ${'['.repeat(1_000)}${']'.repeat(1_000)}}\n`,
    'deep-block-10000': `${HEAD}x:\n${nested(2_900)}`,
    'flow-one-line': `${HEAD}x: [${'{a: "b"}, '.repeat(many(200_000))}]\n`,
    'flow-marks': `${HEAD}x: &a [${'{a: b}, '.repeat(80_000)}]\n`,
    'brackets': `${HEAD}x: &a [${'[], '.repeat(100_000)}]\n`,
    'list-json': `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: many(3_000) }, (_, index) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${index}`, labels: { app: 'a' } } })) }, undefined, 1)}\n`,
    'unclosed-flow': `${HEAD}x: {a: [b, c\n`,
    'unclosed-flow-100000': `${HEAD}x: ${'['.repeat(many(100_000))}\n`,
    'unclosed-quote': `${HEAD}x: "never closed\n`,
    'unclosed-quote-1mb': `${HEAD}x: "${lines(many(15_000), () => '  a line of text that goes on and on and on and on and on and on')}`,
    'tabs': `${HEAD}\tx: y\n`,
    'tabs-200000': `${HEAD}x:\n${lines(200_000, () => '\tk: v')}`,
    'tabs-many': `${HEAD}x:\n${lines(many(20_000), (index) => `\tk${index}: v`)}`,
    'tab-values': `${HEAD}x:\ty\n`,
    'nul': `${HEAD}x: a\u0000b\n`,
    'lone-surrogate': `${HEAD}x: "\uD800"\n`,
    'duplicate-keys': HEAD + lines(many(10_000), () => 'x: y'),
    'conflict-markers': `${HEAD}<<<<<<< HEAD\n  labels: {a: b}\n=======\n  labels: {a: c}\n>>>>>>> other\n`,
    'documents-100000': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {}\n---\n'.repeat(Math.max(26_000, many(90_000))),
    'empty-documents-100000': '---\n'.repeat(many(100_000)),
    'end-markers': '...\n'.repeat(many(10_000)),
    'comments-5mb': `# ${'x'.repeat(48)}\n`.repeat(many(100_000)) + HEAD,
    'blank-lines': '\n'.repeat(many(500_000)) + HEAD,
    'spaces': `${HEAD}x: ${' '.repeat(many(1_000_000))}y\n`,
    'colons': `${HEAD}x: ${'a:b:'.repeat(many(100_000))}\n`,
    'questions': `${HEAD}${'? '.repeat(5_000)}x\n`,
    'tags': `${HEAD}x: ${'!!str '.repeat(5_000)}y\n`,
    'kinds': lines(many(100_000), () => '  kind: Pod'),
    'template-braces': `${HEAD}x: y${'{{'.repeat(many(100_000))}\n`,
    'pipes': `${HEAD}{{ x }}: ${'| '.repeat(many(100_000))}\n`,
    'dollars': `${HEAD}  labels: {a: "${'${'.repeat(many(50_000))}"}\n`,
    'hashes': `${HEAD}  labels: {a: "${'###'.repeat(many(50_000))}"}\n`,
    'keys-50000': `${HEAD}  labels:\n${lines(many(50_000), (index) => `    k${index}: v`)}`,
    'keys-50000-ignored': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n${lines(many(50_000), (index) => `  k${index}: v`)}`,
    'too-large': `${HEAD}x:\n${lines(many(120_000), (index) => `  key${index}: value ${index}`)}`,
    'broken-lines': `${HEAD}x:\n${lines(many(20_000), (index) => `  k${index}: "v" "w"`)}`,
    'heredocs': HEAD + 'EOF\n'.repeat(many(50_000)),
    'suppressions': HEAD + '# ambient-policy-ignore some-rule -- why not\n'.repeat(many(50_000)),
    'helm': '{{- range .Values.x }}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .name }}\n{{- end }}\n',
    'helm-inline': 'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .x }}, labels: {{ .y }}}\n',
    'proto': `${HEAD}  labels: {__proto__: a, constructor: b, hasOwnProperty: c}\n__proto__:\n  spec: {hostNetwork: true}\n`,
    'indented-root': HEAD.replace(/^/gm, '  ').trimEnd(),
    'quoted-kind': HEAD.replace('kind:', '"kind":'),
    'question-kind': HEAD.replace('kind: Pod', '? kind\n: Pod'),
    'list': 'apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: n}}\n',
    'list-of-lists': 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: n}}]}]\n',
    'json': '{"apiVersion": "v1",\n"kind": "Pod", "metadata": {"name": "p", "namespace": "n"}}\n',
    'markers': `%YAML 1.2\n--- # c\n${HEAD}...\n%TAG ! tag:x,2000:\n---\nnothing: here\n--- |\nkind: Pod\n--- >\nfolded\n...\n---\t\n---foo: bar\n`,
    'alias-across': `x: &a 1\n---\n${HEAD}y: *a\n`,
    'wrong-types': 'apiVersion: v1\nkind: Pod\nmetadata: [a]\nspec: "b"\n---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: [x], namespace: {y: z}, labels: 1, annotations: [2]}\nspec: {rules: {a: b}, selector: [], action: {}, targetRefs: [null, 1, [x]]}\n---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: 1}\nspec: {portLevelMtls: [1], mtls: STRICT, selector: {matchLabels: [a]}}\n',
    'nulls': 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\nspec:\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ~, namespace: null}\nspec: {ports: [~], selector: ~}\n---\napiVersion:\nkind:\n',
    'principals-20000': `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: many, namespace: n}\nspec:\n  rules:\n  - from:\n    - source:\n        principals:\n${lines(many(20_000), (index) => `        - cluster.local/ns/n/sa/a${index}`)}`,
  }
}

function* bigFiles() {
  yield ['big/deep-block-10000.yaml', `${HEAD}x:\n${lines(3_000, (depth) => `${' '.repeat(depth)}a:`)}`]
  yield ['big/one-scalar-50mb.yaml', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: ${'x'.repeat(50_000_000)}\n`]
  yield ['big/block-scalar-50mb.yaml', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: |\n${lines(900_000, () => '    a line of block text that goes on for sixty characters.')}`]
  yield ['big/one-line-10mb.yaml', `${HEAD}x: [${'{a: b}, '.repeat(1_250_000)}]\n`]
  yield ['big/documents-50mb.yaml', `${HEAD}spec:\n  containers: [{name: c, image: "registry.example.com/x:1"}]\n---\n`.repeat(400_000)]
}
