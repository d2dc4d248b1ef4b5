import {
  RUN_TESTS_REQUEST,
  TESTS_REQUEST,
  type RunTestsParams,
  type RunTestsResult,
  type TestsResult,
} from '@istio-ambient-policy/shared'
import {
  CancellationTokenSource,
  commands,
  Disposable,
  l10n,
  TestMessage,
  TestRunProfileKind,
  TestRunRequest,
  tests,
  Uri,
  workspace,
  type CancellationToken,
  type TestController,
  type TestItem,
  type TestRun,
  type TextDocument,
} from 'vscode'
import { State, type BaseLanguageClient } from 'vscode-languageclient'
import { RUN_TESTS_COMMAND } from '../commands/commandNames.js'
import { onManifestChange } from '../onManifestChange.js'
import { detailsOf, PolicyCoverage } from './policyCoverage.js'
import { activeTestFile, isTestFile, NOT_IN, paramsOf, TEST_FILES } from './testFiles.js'
import { countsInWords, report } from './testReport.js'

/** Shows the policy tests of the workspace in the view *Testing*, and runs them, also with coverage. */
export function registerPolicyTests(client: BaseLanguageClient): Disposable {
  const controller = tests.createTestController('istioAmbientPolicy.tests', l10n.t('Policy tests'))
  const policyTests = new PolicyTests(controller, client)
  controller.resolveHandler = (item) => (item ? policyTests.load(item) : policyTests.discover())
  controller.refreshHandler = () => policyTests.discover()
  const profile = controller.createRunProfile(
    l10n.t('Run'),
    TestRunProfileKind.Run,
    (request, token) => policyTests.handle(request, token),
    true,
  )
  profile.supportsContinuousRun = true
  const withCoverage = controller.createRunProfile(
    l10n.t('Run with coverage'),
    TestRunProfileKind.Coverage,
    (request, token) => policyTests.handle(request, token, new PolicyCoverage()),
    true,
  )
  withCoverage.loadDetailedCoverage = (_, file) => Promise.resolve(detailsOf(file))
  withCoverage.loadDetailedCoverageForTest = (_, file, item) =>
    Promise.resolve(detailsOf(file, item))
  const watcher = workspace.createFileSystemWatcher(TEST_FILES)
  const loadDocument = (document: TextDocument): void => {
    if (isTestFile(document.uri)) void policyTests.load(policyTests.fileItem(document.uri))
  }
  return Disposable.from(
    controller,
    watcher,
    watcher.onDidCreate((uri) => policyTests.fileItem(uri)),
    watcher.onDidDelete((uri) => {
      controller.items.delete(uri.toString())
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) workspace.textDocuments.forEach(loadDocument)
    }),
    workspace.onDidOpenTextDocument(loadDocument),
    workspace.onDidChangeTextDocument(({ document }) => {
      loadDocument(document)
    }),
    commands.registerCommand(RUN_TESTS_COMMAND, (argument: unknown) =>
      policyTests.runCommand(argument),
    ),
  )
}

class PolicyTests {
  readonly #controller: TestController
  readonly #client: BaseLanguageClient

  constructor(controller: TestController, client: BaseLanguageClient) {
    this.#controller = controller
    this.#client = client
  }

  /** The item of a test file; a new one is added. */
  fileItem(uri: Uri): TestItem {
    const id = uri.toString()
    const known = this.#controller.items.get(id)
    if (known) return known
    const item = this.#controller.createTestItem(id, workspace.asRelativePath(uri), uri)
    item.canResolveChildren = true
    this.#controller.items.add(item)
    return item
  }

  async discover(): Promise<void> {
    const found = await workspace.findFiles(TEST_FILES, NOT_IN)
    const names = new Set(found.map((uri) => uri.toString()))
    for (const [id] of this.#controller.items) if (!names.has(id)) this.#controller.items.delete(id)
    for (const uri of found) this.fileItem(uri)
  }

  /** Adds the tests of a file below its item. */
  async load(item: TestItem): Promise<void> {
    if (!item.uri || !isFileItem(item)) return
    // An open document has its text in the server, also in a virtual folder.
    await workspace.openTextDocument(item.uri)
    const listed = await this.#client.sendRequest<TestsResult | null>(TESTS_REQUEST, {
      textDocument: { uri: item.id },
    })
    const [problem] = listed?.problems ?? []
    item.error = problem?.message
    item.children.replace(
      (listed?.tests ?? []).map(({ name, kind, range }) => {
        const child = this.#controller.createTestItem(name, name, item.uri)
        child.range = this.#client.protocol2CodeConverter.asRange(range)
        child.description = kind === 'rule' ? l10n.t('all requests') : ''
        return child
      }),
    )
  }

  /** The handler of the run profile. A continuous run starts again after each change. */
  async handle(
    request: TestRunRequest,
    token: CancellationToken,
    coverage?: PolicyCoverage,
  ): Promise<void> {
    await this.#run(request, token, coverage)
    if (request.continuous !== true) return
    const { include, exclude, profile } = request
    const changes = onManifestChange(() => {
      // The same request would continue the run that it has: a test that failed once would stay failed.
      void this.#run(new TestRunRequest(include, exclude, profile, true), token)
    })
    token.onCancellationRequested(() => {
      changes.dispose()
    })
  }

  /** Runs the tests of a code lens, else of the active editor, else all. */
  async runCommand(argument: unknown): Promise<void> {
    const params = paramsOf(argument) ?? activeTestFile()
    if (!params) await this.discover()
    const include = params && (await this.#itemsOf(params))
    const cancellation = new CancellationTokenSource()
    await this.#run(new TestRunRequest(include), cancellation.token)
    cancellation.dispose()
  }

  async #itemsOf({ textDocument, names }: RunTestsParams): Promise<TestItem[]> {
    const file = this.fileItem(Uri.parse(textDocument.uri, true))
    await this.load(file)
    return names ? names.flatMap((name) => file.children.get(name) ?? []) : [file]
  }

  async #run(
    request: TestRunRequest,
    token: CancellationToken,
    coverage?: PolicyCoverage,
  ): Promise<void> {
    const run = this.#controller.createTestRun(request)
    const wanted = request.include ?? [...this.#controller.items].map(([, item]) => item)
    const excluded = new Set(request.exclude)
    const byFile = new Map<TestItem, TestItem[] | undefined>()
    for (const item of wanted) {
      if (isFileItem(item)) byFile.set(item, undefined)
      else if (item.parent && !(byFile.has(item.parent) && byFile.get(item.parent) === undefined))
        byFile.set(item.parent, [...(byFile.get(item.parent) ?? []), item])
    }
    for (const [file, items] of byFile) {
      if (token.isCancellationRequested) break
      await this.#runFile(run, file, { items, excluded, coverage })
    }
    for (const covered of coverage?.files() ?? []) run.addCoverage(covered)
    run.end()
  }

  async #runFile(
    run: TestRun,
    file: TestItem,
    {
      items,
      excluded,
      coverage,
    }: {
      readonly items: readonly TestItem[] | undefined
      readonly excluded: ReadonlySet<TestItem>
      readonly coverage: PolicyCoverage | undefined
    },
  ): Promise<void> {
    if (file.children.size === 0) await this.load(file)
    const all = items ?? [...file.children].map(([, item]) => item)
    const selected = all.filter((item) => !excluded.has(item))
    for (const item of selected) run.started(item)
    const params: RunTestsParams = {
      textDocument: { uri: file.id },
      names: selected.map(({ id }) => id),
      ...(coverage ? { coverage: true } : {}),
    }
    const result = await this.#client.sendRequest<RunTestsResult | null>(RUN_TESTS_REQUEST, params)
    const [problem] = result?.problems ?? []
    if (!result || problem) {
      const message = problem?.message ?? l10n.t('The tests cannot be run.')
      for (const item of selected.length > 0 ? selected : [file])
        run.errored(item, new TestMessage(message))
      return
    }
    for (const item of selected) {
      const ran = result.tests.find(({ name }) => name === item.id)
      if (ran) report(run, item, ran)
      else run.skipped(item)
    }
    run.appendOutput(`${file.label}: ${countsInWords(result.tests)}\r\n`)
    coverage?.add(result.coverage ?? [], selected, this.#client.protocol2CodeConverter)
  }
}

function isFileItem({ parent }: TestItem): boolean {
  return parent === undefined
}
