// @ts-check
import tseslint from 'typescript-eslint'

/** Rooms of `shared/src`, in the order in which they may import: each only those before it. */
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
  'status',
  'rules',
  'analysis',
  'explain',
  'navigation',
  'completion',
  'docs',
  'protocol',
  'testing',
]
const NOT_IN_SHARED = ['node:*', 'vscode', 'vscode-*', '@istio-ambient-policy/*']

const layerPatterns = (layer) => {
  const later = LAYERS.slice(LAYERS.indexOf(layer) + 1)
  return [
    { group: NOT_IN_SHARED, message: 'shared is pure: data in, data out.' },
    ...(later.length > 0
      ? [
          {
            group: later.map((name) => `**/${name}/**`),
            message: `${layer}/ may import only the rooms before it.`,
          },
        ]
      : []),
  ]
}

const layerRules = LAYERS.map((layer) => ({
  files: [`shared/src/${layer}/**/*.ts`],
  ignores: ['**/*.test.ts', 'shared/src/testing/fixtureFiles.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns: layerPatterns(layer) }] },
}))

/** Folders of `shared/src/rules`: subjects import `fixes` and `support`, `fixes` imports `support`, and not the other way. */
const RULE_FOLDERS = [
  {
    files: ['shared/src/rules/*/*.ts'],
    ignores: ['shared/src/rules/{fixes,support}/*.ts'],
    regex: '^\\.\\./(?!fixes/|support/)[^./]+/',
    message: 'What several subjects use belongs in support/ or fixes/.',
  },
  {
    files: ['shared/src/rules/fixes/*.ts'],
    ignores: [],
    regex: '^\\.\\./(?!support/)[^./]+/',
    message: 'fixes/ may import support/, and no subject.',
  },
  {
    files: ['shared/src/rules/support/*.ts'],
    ignores: [],
    regex: '^\\.\\./[^./]+/',
    message: 'support/ may import neither fixes/ nor a subject.',
  },
]
const ruleFolderRules = RULE_FOLDERS.map(({ files, ignores, regex, message }) => ({
  files,
  ignores: ['**/*.test.ts', ...ignores],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [...layerPatterns('rules'), { regex, message }] },
    ],
  },
}))

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '.build/**',
      'test-fixtures/**',
      '**/node_modules/**',
      '.workbench/**',
      'bench-data/**',
      'fuzz-data/**',
      'scripts/**/*.d.mts',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', 'scripts/*.mjs', 'client/test/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  ...layerRules,
  ...ruleFolderRules,
  {
    files: ['shared/src/rules/*/*.page.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.(\\./(rule|support/examples)|/foreignSuppressions)\\.js$)',
              message: 'A page is data: what it imports is loaded with it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['server/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'vscode',
                '**/client/**',
                '**/shared/src/**',
                '@istio-ambient-policy/shared/testing',
              ],
              message: 'server knows shared by its door, and no client.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['server/src/**/*.ts'],
    ignores: ['**/*.test.ts', 'server/src/testing/**', 'server/src/lsp.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'vscode-languageserver',
              allowTypeImports: true,
              message: 'Values of the protocol come from lsp.ts.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['client/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/server/**', '**/shared/src/**'],
              message: 'client knows shared by its door, and the server by its protocol.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'shared/src/testing/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'max-lines': 'off' },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
)
