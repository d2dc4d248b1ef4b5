import { addCases, printable, type FileEdit, type Range } from '@istio-ambient-policy/shared'
import type { CodeAction } from 'vscode-languageserver'
import { toWorkspaceEdit } from '../convert/toWorkspaceEdit.js'
import { CodeActionKind } from '../lsp.js'
import type { FoundTest } from './missingTests.js'
import type { ServerContext } from './serverContext.js'

/** More actions are not shown at one place. *Add all* adds all tests. */
const MOST_ACTIONS = 10

/** *Add the missing test* at a part of a manifest that no test notices. */
export function missingTestActions(
  context: ServerContext,
  file: string,
  isAt: (range: Range) => boolean,
): CodeAction[] {
  return context.missingTests
    .noticing(file)
    .filter(({ ranges }) => ranges.some(isAt))
    .slice(0, MOST_ACTIONS)
    .flatMap(({ testFile, test }) => actionFor(context, testFile, [test], titleOf(test)))
}

/** The same in a test file, for all of its missing tests. */
export function missingTestActionsIn(context: ServerContext, testFile: string): CodeAction[] {
  const found = context.missingTests.of(testFile)
  return [
    ...(found.length > 1
      ? actionFor(context, testFile, found, `Add all ${found.length} missing tests`)
      : []),
    ...found
      .slice(0, MOST_ACTIONS)
      .flatMap((test) => actionFor(context, testFile, [test], titleOf(test))),
  ]
}

function titleOf({ name }: FoundTest): string {
  return printable(`Add the missing test: ${name}`)
}

function actionFor(
  { sources, edits: editContext }: ServerContext,
  testFile: string,
  tests: readonly FoundTest[],
  title: string,
): CodeAction[] {
  const edits = addCases(sources.text(testFile) ?? '', tests)
  if (!edits) return []
  const changes: FileEdit[] = [{ file: testFile, edits }]
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      edit: toWorkspaceEdit(title, changes, editContext),
    },
  ]
}
