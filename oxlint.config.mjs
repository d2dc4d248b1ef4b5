// What `npm run lint` checks. It needs no build: the rules with types read the tsconfig files.

/** The folders of `shared/src`. A folder imports only the folders before it. */
const LAYERS = [
  'text',
  'vocabulary',
  'yaml',
  'resources',
  'inventory',
  'mesh',
  'ztunnel',
  'waypoint',
  'access',
  'space',
  'logs',
  'status',
  'rules',
  'analysis',
  'explain',
  'navigation',
  'completion',
  'docs',
  'protocol',
  'accessTests',
  'testing',
]
const NOT_IN_SHARED = ['node:*', 'vscode', 'vscode-*', '@istio-ambient-policy/*']

const errors = (names) => Object.fromEntries(names.map((name) => [name, 'error']))

/** Forbids imports in `files`. Where several blocks match a file, the last one counts. */
const forbidImports = (files, { excludeFiles = [], ...options }) => ({
  files,
  excludeFiles,
  rules: { 'no-restricted-imports': ['error', options] },
})

const layerPatterns = (layer) => {
  const later = LAYERS.slice(LAYERS.indexOf(layer) + 1).map((each) => `**/${each}/**`)
  return [
    { group: NOT_IN_SHARED, message: 'shared is pure: it has no Node, VS Code or LSP.' },
    ...(later.length > 0
      ? [{ group: later, message: `${layer} imports only the folders before it.` }]
      : []),
  ]
}

const layerRules = LAYERS.map((layer) =>
  forbidImports([`shared/src/${layer}/**/*.ts`], {
    excludeFiles: ['**/*.test.ts', 'shared/src/testing/fixtureFiles.ts'],
    patterns: layerPatterns(layer),
  }),
)

/** Folders of `shared/src/rules`: a subject imports `fixes` and `support`, `fixes` imports `support`. */
const ruleFolder = (files, group, message) =>
  forbidImports(files, {
    excludeFiles: ['**/*.test.ts'],
    patterns: [...layerPatterns('rules'), { group, message }],
  })

const ruleFolderRules = [
  ruleFolder(
    ['shared/src/rules/*/*.ts'],
    ['../*/**', '!../../**', '!../fixes/**', '!../support/**'],
    'What several subjects use belongs in support/ or fixes/.',
  ),
  ruleFolder(
    ['shared/src/rules/fixes/*.ts'],
    ['../*/**', '!../../**', '!../support/**'],
    'fixes/ imports support/, and no subject.',
  ),
  ruleFolder(
    ['shared/src/rules/support/*.ts'],
    ['../*/**', '!../../**'],
    'support/ imports neither fixes/ nor a subject.',
  ),
]

const SERVER_IMPORTS = {
  group: ['vscode', '**/client/**', '**/shared/src/**', '@istio-ambient-policy/shared/testing'],
  message: 'The server imports shared by its package name, and nothing of the client.',
}

/** The strict rules of typescript-eslint that are not in the category "correctness". */
const STRICT = errors([
  'no-array-constructor',
  'no-useless-constructor',
  'no-var',
  'prefer-const',
  'prefer-rest-params',
  'prefer-spread',
  'typescript/ban-ts-comment',
  'typescript/no-dynamic-delete',
  'typescript/no-empty-object-type',
  'typescript/no-explicit-any',
  'typescript/no-extraneous-class',
  'typescript/no-invalid-void-type',
  'typescript/no-namespace',
  'typescript/no-non-null-asserted-nullish-coalescing',
  'typescript/no-non-null-assertion',
  'typescript/no-require-imports',
  'typescript/no-unnecessary-type-constraint',
  'typescript/no-unsafe-function-type',
  'typescript/prefer-literal-enum-member',
  'typescript/unified-signatures',
])

/** The same for the rules that need types. */
const STRICT_WITH_TYPES = errors([
  'typescript/no-confusing-void-expression',
  'typescript/no-deprecated',
  'typescript/no-generated-empty-object-type',
  'typescript/no-misused-promises',
  'typescript/no-mixed-enums',
  'typescript/no-unnecessary-boolean-literal-compare',
  'typescript/no-unnecessary-template-expression',
  'typescript/no-unnecessary-type-arguments',
  'typescript/no-unnecessary-type-assertion',
  'typescript/no-unnecessary-type-conversion',
  'typescript/no-unnecessary-type-parameters',
  'typescript/no-unsafe-argument',
  'typescript/no-unsafe-assignment',
  'typescript/no-unsafe-call',
  'typescript/no-unsafe-enum-assignment',
  'typescript/no-unsafe-enum-comparison',
  'typescript/no-unsafe-member-access',
  'typescript/no-unsafe-return',
  'typescript/only-throw-error',
  'typescript/prefer-promise-reject-errors',
  'typescript/prefer-reduce-type-parameter',
  'typescript/prefer-return-this-type',
  'typescript/related-getter-setter-pairs',
  'typescript/require-await',
  'typescript/use-unknown-in-catch-callback-variable',
])

export default {
  plugins: ['eslint', 'typescript', 'oxc'],
  categories: { correctness: 'error' },
  options: { typeAware: true },
  env: { builtin: true },
  ignorePatterns: [
    '**/dist/**',
    '.build/**',
    'test-fixtures/**',
    '.workbench/**',
    'bench-data/**',
    'fuzz-data/**',
    'scripts/**/*.d.mts',
  ],
  rules: {
    ...STRICT,
    'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],

    'max-lines': ['error', { max: 300 }],
    'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    // Escape characters are what these expressions look for.
    'no-control-regex': 'off',
    // Texts are sorted by their characters.
    'typescript/require-array-sort-compare': 'off',
    'typescript/restrict-template-expressions': 'off',
  },
  overrides: [
    {
      files: ['**/*.ts'],
      rules: {
        ...STRICT_WITH_TYPES,
        'typescript/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
        'typescript/restrict-plus-operands': [
          'error',
          {
            allowAny: false,
            allowBoolean: false,
            allowNullish: false,
            allowNumberAndString: false,
            allowRegExp: false,
          },
        ],
        'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
        'typescript/return-await': ['error', 'error-handling-correctness-only'],
      },
    },
    // Types that are inferred without a declaration are only a guess.
    { files: ['**/*.mjs'], rules: { 'typescript/no-misused-spread': 'off' } },
    ...layerRules,
    ...ruleFolderRules,
    forbidImports(['shared/src/rules/*/*.page.ts'], {
      patterns: [
        {
          group: [
            '**',
            '!../rule.js',
            '!../support/examples.js',
            '!../support/egressExamples.js',
            '!./foreignSuppressions.js',
          ],
          message: 'A page is data: what it imports is loaded with it.',
        },
      ],
    }),
    forbidImports(['server/src/**/*.ts'], {
      excludeFiles: ['**/*.test.ts'],
      patterns: [SERVER_IMPORTS],
    }),
    forbidImports(['server/src/**/*.ts'], {
      excludeFiles: ['**/*.test.ts', 'server/src/testing/**', 'server/src/lsp.ts'],
      patterns: [SERVER_IMPORTS],
      paths: [
        {
          name: 'vscode-languageserver',
          allowTypeImports: true,
          message: 'Values of the protocol come from lsp.ts.',
        },
      ],
    }),
    forbidImports(['client/src/**/*.ts'], {
      patterns: [
        {
          group: ['**/server/**', '**/shared/src/**'],
          message: 'The client imports shared by its package name, and nothing of the server.',
        },
      ],
    }),
    {
      files: ['**/*.test.ts', 'shared/src/testing/**/*.ts'],
      rules: { 'typescript/no-non-null-assertion': 'off' },
    },
  ],
}
