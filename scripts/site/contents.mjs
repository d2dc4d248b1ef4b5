// What the site contains, in the order of its navigation.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../release/names.mjs'

/** The sections of the navigation, each with its documents. `json.md` is generated. */
export function sections() {
  const decisions = readdirSync(join(ROOT, 'docs/decisions')).sort()
  return [
    {
      title: 'Use',
      files: [
        'README.md',
        'docs/editors.md',
        'docs/cli.md',
        'docs/access.md',
        'docs/policy-tests.md',
        'docs/assistants.md',
      ],
    },
    { title: 'Configure', files: ['docs/settings.md', 'docs/kustomize.md', 'docs/helm.md'] },
    {
      title: 'Reference',
      files: [
        'docs/rules/README.md',
        'docs/json.md',
        'docs/semantics.md',
        'docs/knowledge.md',
        'docs/security.md',
        'docs/field-report.md',
        'BENCHMARKS.md',
        'CHANGELOG.md',
      ],
    },
    {
      title: 'Develop',
      files: [
        'ARCHITECTURE.md',
        'CONTRIBUTING.md',
        ...decisions.map((name) => `docs/decisions/${name}`),
      ],
    },
  ]
}

/** The rule pages, which the list of rules links. */
export function rulePages() {
  return readdirSync(join(ROOT, 'docs/rules'))
    .filter((name) => name !== 'README.md')
    .map((name) => `docs/rules/${name}`)
}

/** Files that are copied as they are. */
export const COPIED = {
  'client/media/ambient-policy.schema.json': 'ambient-policy.schema.json',
  'client/media/icon.svg': 'icon.svg',
  'scripts/site/style.css': 'style.css',
}

/** The page of a document of the repository. */
export function pageOf(file) {
  if (file === 'README.md') return 'index.html'
  return file
    .replace(/^docs\//, '')
    .replace(/README\.md$/, 'index.html')
    .replace(/\.md$/, '.html')
    .toLowerCase()
}

/** The JSON outputs of the command line, as a document. They are the tested examples of `docs/cli.md`. */
export function jsonContracts(cli) {
  const examples = [...cli.matchAll(/^```json (.+)\n([\s\S]*?)^```$/gm)].map(
    ([, name, json]) => `## ${name}\n\n\`\`\`json\n${json}\`\`\``,
  )
  return [
    '# JSON contracts',
    'The shapes of the JSON outputs and inputs of the [command line](cli.md). Fields can be added in a minor release. No field is removed or changes its meaning without a new major release.',
    'The settings file has a [JSON schema](../client/media/ambient-policy.schema.json).',
    ...examples,
  ].join('\n\n')
}
