import {
  completeTestFile,
  explainTestField,
  explainThing,
  fieldAtOffset,
  lineStartsOf,
  offsetAt,
  parseYaml,
  rangeOf,
  readTestFile,
  SERVER_COMMANDS,
  type Completions,
  type Position,
  type Range,
} from '@istio-ambient-policy/shared'
import type { CodeLens, Connection } from 'vscode-languageserver'
import { definitionLinks } from './hoverLinks.js'
import { registerFindMissingTests } from './findMissingTests.js'
import { registerRunTests } from './runTests.js'
import type { ServerContext } from './serverContext.js'
import { TestDiagnostics } from './testDiagnostics.js'
import { meshForNames } from './testMesh.js'
import { testNameAt } from './testNames.js'

/** What the server does with policy tests, besides completion, hovers and code lenses. */
export function registerTestFiles(connection: Connection, context: ServerContext): void {
  const diagnostics = new TestDiagnostics(connection, context)
  registerRunTests(connection, context, diagnostics)
  registerFindMissingTests(connection, context, diagnostics)
}

export function completionsInTest(
  context: ServerContext,
  file: string,
  { text, offset }: { readonly text: string; readonly offset: number },
): Completions | undefined {
  const mesh = meshForNames(context, file, readTestFile(text).testFile)
  return completeTestFile(mesh, text, offset)
}

/** What a key of a test file means, or the object that a value names, in Markdown. */
export function hoverInTest(
  context: ServerContext,
  file: string,
  position: Position,
): { readonly text: string; readonly range: Range } | undefined {
  const named = testNameAt(context, file, position)
  if (named) {
    const { thing, range } = named.name
    const { analysis } = named
    if (!analysis) return undefined
    const { text, definitions } = explainThing(analysis.mesh, thing)
    return { text: `${text}${definitionLinks(analysis, definitions, context)}`, range }
  }
  const text = context.sources.text(file) ?? ''
  const lineStarts = lineStartsOf(text)
  const { root } = parseYaml(text)
  const field = root && fieldAtOffset(root, offsetAt(lineStarts, position))
  const explained = field?.on === 'key' ? explainTestField(field.path) : undefined
  return field && explained !== undefined
    ? { text: explained, range: rangeOf(lineStarts, field.span) }
    : undefined
}

/** *Run all tests* and *Find missing tests* above the file, and *Run test* above each test. */
export function testLenses(
  { client, diagnostics, sources }: ServerContext,
  file: string,
): CodeLens[] {
  const { tests } = readTestFile(sources.text(file) ?? '').testFile
  const command = client.runTestsCommand ?? SERVER_COMMANDS.runTests
  const textDocument = { uri: diagnostics.uriOf(file) }
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
  const all: CodeLens = {
    range: top,
    command: { title: 'Run all tests', command, arguments: [{ textDocument }] },
  }
  const missing: CodeLens = {
    range: top,
    command: {
      title: 'Find missing tests',
      command: client.findMissingTestsCommand ?? SERVER_COMMANDS.findMissingTests,
      arguments: [{ textDocument }],
    },
  }
  return [
    ...(tests.length > 0 ? [all, missing] : []),
    ...tests.map(({ name, range: { start } }) => ({
      range: { start, end: start },
      command: { title: 'Run test', command, arguments: [{ textDocument, names: [name] }] },
    })),
  ]
}
