import {
  MISSING_TESTS_REQUEST,
  type ListedMissingTest,
  type MissingTestsResult,
} from '@istio-ambient-policy/shared'
import {
  commands,
  l10n,
  ProgressLocation,
  Uri,
  window,
  workspace,
  type Disposable,
  type QuickPickItem,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { FIND_MISSING_TESTS_COMMAND } from '../commands/commandNames.js'
import { addTest } from './pinTest.js'
import { activeTestFile, NOT_IN, paramsOf, TEST_FILES } from './testFiles.js'

interface TestChoice extends QuickPickItem {
  readonly test: ListedMissingTest
}

/** *Find missing tests*: searches for parts of the policies that no test notices, and adds the chosen tests. */
export function registerFindMissingTests(client: BaseLanguageClient): Disposable {
  return commands.registerCommand(FIND_MISSING_TESTS_COMMAND, async (argument: unknown) => {
    const uri = (paramsOf(argument) ?? activeTestFile())?.textDocument.uri ?? (await chooseFile())
    if (uri === undefined) return
    await workspace.openTextDocument(Uri.parse(uri, true))
    const found = await search(client, uri)
    if (!found) return
    const [problem] = found.problems
    if (problem) {
      void window.showErrorMessage(l10n.t('The tests do not run: {0}', problem.message))
      return
    }
    if (found.missing.length === 0) {
      const { noticed, withoutEffect } = found
      void window.showInformationMessage(
        l10n.t(
          'No policy test is missing. Parts of the policies: {0} noticed, {1} without effect.',
          noticed,
          withoutEffect,
        ),
      )
      return
    }
    const chosen = await chooseTests(found.missing)
    if (!chosen) return
    for (const { test } of chosen) {
      const { request, expect } = test
      if (!(await addTest(client, { textDocument: { uri }, request, expect }))) return
    }
    await window.showTextDocument(Uri.parse(uri, true))
  })
}

/** Undefined if the user has cancelled the search. */
async function search(
  client: BaseLanguageClient,
  uri: string,
): Promise<MissingTestsResult | undefined> {
  return window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('Searching for missing policy tests'),
      cancellable: true,
    },
    async (_, token) => {
      try {
        const params = { textDocument: { uri } }
        const found = await client.sendRequest<MissingTestsResult | null>(
          MISSING_TESTS_REQUEST,
          params,
          token,
        )
        return found ?? undefined
      } catch (error) {
        if (token.isCancellationRequested) return undefined
        throw error
      }
    },
  )
}

/**
 * Each object once, with its parts: `shop/web-reads spec.rules[0], spec.selector`. The kind of most parts,
 * AuthorizationPolicy, is left out.
 */
function partsInWords(parts: readonly string[]): string {
  const objects = new Map<string, string[]>()
  for (const part of parts) {
    const [, object = part, path] =
      /^(?:AuthorizationPolicy )?(.*\/[^ ]*)(?: (.*))?$/.exec(part) ?? []
    objects.set(object, [...(objects.get(object) ?? []), ...(path === undefined ? [] : [path])])
  }
  return [...objects].map(([object, paths]) => `${object} ${paths.join(', ')}`.trim()).join(' · ')
}

async function chooseTests(
  missing: readonly ListedMissingTest[],
): Promise<readonly TestChoice[] | undefined> {
  return window.showQuickPick<TestChoice>(
    missing.map((test) => ({
      label: test.name,
      detail: l10n.t('notices {0}', partsInWords(test.parts.map(({ part }) => part))),
      picked: true,
      test,
    })),
    {
      title: l10n.t('Add the missing tests'),
      placeHolder: l10n.t('No test notices these parts of the policies'),
      canPickMany: true,
      matchOnDetail: true,
      // The search can take seconds, and a user can look at the policies before the choice.
      ignoreFocusOut: true,
    },
  )
}

async function chooseFile(): Promise<string | undefined> {
  const files = await workspace.findFiles(TEST_FILES, NOT_IN)
  const [only, ...others] = files
  if (only && others.length === 0) return only.toString()
  const chosen = await window.showQuickPick(
    files.map((uri) => ({ label: workspace.asRelativePath(uri), uri })),
    { title: l10n.t('Find missing tests of a test file'), ignoreFocusOut: true },
  )
  return chosen?.uri.toString()
}
