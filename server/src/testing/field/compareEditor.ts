import type { CodeAction, Diagnostic, Range, WorkspaceEdit } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { createCliFolder } from '../../cli/testing/cliFolder.js'
import { defaultSettings } from '../defaultSettings.js'
import { ScriptedClient } from '../scriptedClient.js'
import { compareFindings, type Found } from './compare.js'
import { compareAnswers, compareCheck } from './compareCommands.js'
import { argumentsFor, type ExpectedFix, type FieldCase, type Level } from './fieldCase.js'

const FOLDER = 'mesh'
const EVERYTHING: Range = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } }
const LEVELS: readonly (Level | undefined)[] = [
  undefined,
  'error',
  'warning',
  'information',
  'hint',
]

interface EditorFinding extends Found {
  readonly range: Range
}

/** What is wrong in an editor on the files of a case: its findings, fixes and "fix all". */
export async function compareEditor(
  { files, ...field }: FieldCase,
  found: readonly Found[],
): Promise<string[]> {
  const { fix = [], fixAllSame = false, lsp, paths } = field.expected
  const client = await ScriptedClient.start({
    folders: { [FOLDER]: files },
    settings: defaultSettings(),
  })
  try {
    const names = Object.keys(files).filter((name) => /\.ya?ml$/.test(name))
    for (const name of names) await client.open(`${FOLDER}/${name}`, files[name] ?? '')
    const shown = names.flatMap((name) => findingsOf(client, name))
    const wrong = paths === undefined ? differences(found, shown) : []
    if (lsp) wrong.push(...compareFindings(lsp, shown).map((line) => `editor: ${line}`))
    for (const each of fix)
      wrong.push(...(await compareFix(client, { files, ...field }, shown, each)))
    if (fixAllSame) wrong.push(...(await compareFixAll(client, { files, ...field }, names)))
    return wrong
  } finally {
    await client.stop()
  }
}

function findingsOf(client: ScriptedClient, file: string): EditorFinding[] {
  return client.diagnostics(`${FOLDER}/${file}`).map((diagnostic: Diagnostic) => ({
    rule: String(diagnostic.code),
    level: LEVELS[diagnostic.severity ?? 1] ?? 'error',
    file,
    message: typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value,
    range: diagnostic.range,
  }))
}

/** The editor has the findings of the command line and no others. */
function differences(onCommandLine: readonly Found[], inEditor: readonly Found[]): string[] {
  const words = ({ file, level, rule }: Found): string => `${level} ${rule} ${file}`
  // The command line does not report what is wrong in its own settings file as a finding.
  const shown = new Set(inEditor.filter(({ file }) => !file.startsWith('.')).map(words))
  const printed = new Set(onCommandLine.map(words))
  return [
    ...[...shown].filter((each) => !printed.has(each)).map((each) => `only the editor: ${each}`),
    ...[...printed].filter((each) => !shown.has(each)).map((each) => `not in the editor: ${each}`),
  ]
}

async function compareFix(
  client: ScriptedClient,
  field: FieldCase,
  shown: readonly EditorFinding[],
  fix: ExpectedFix,
): Promise<string[]> {
  const optional = fix.optional === true || fix.absent === true
  const finding = shown.find(
    ({ file, rule }) => rule === fix.rule && (fix.file === undefined || file === fix.file),
  )
  if (!finding) return optional ? [] : [`no finding of ${fix.rule} to fix`]
  const actions = await client.codeActions(`${FOLDER}/${finding.file}`, finding.range, ['quickfix'])
  const action = chosen(actions, fix.title)
  if (fix.absent === true) return action ? [`a fix is offered: ${action.title}`] : []
  if (!action?.edit) return optional ? [] : [`no fix ${fix.title ?? ''} of ${fix.rule}`]
  const cli = createCliFolder(edited(client, field.files, action.edit))
  const paths = argumentsFor(field)
  const wrong = [
    ...(await compareCheck(cli, fix, paths)).wrong,
    ...(await compareAnswers(cli, fix, paths)),
  ]
  cli.remove()
  return wrong.map((line) => `after "${action.title}": ${line}`)
}

/** The fix with a text in its title, or the preferred one; never a comment that ignores the finding. */
function chosen(actions: readonly CodeAction[], title: string | undefined): CodeAction | undefined {
  const fixes = actions.filter((action) => action.edit && !/ignore here/i.test(action.title))
  if (title !== undefined) return fixes.find((action) => action.title.includes(title))
  return fixes.find(({ isPreferred }) => isPreferred) ?? fixes[0]
}

function edited(
  client: ScriptedClient,
  files: FieldCase['files'],
  { documentChanges = [] }: WorkspaceEdit,
): Record<string, string> {
  const next: Record<string, string> = { ...files }
  const nameOf = (uri: string): string => uri.slice(client.uri(FOLDER).length + 1)
  for (const change of documentChanges) {
    if ('textDocument' in change) {
      const name = nameOf(change.textDocument.uri)
      const document = TextDocument.create('', 'yaml', 1, next[name] ?? '')
      const edits = change.edits.flatMap((edit) => ('newText' in edit ? [edit] : []))
      next[name] = TextDocument.applyEdits(document, edits)
    } else if (change.kind === 'create') {
      next[nameOf(change.uri)] ??= ''
    }
  }
  return next
}

/** "Fix all" in every file makes the text that `check --fix` makes. */
async function compareFixAll(
  client: ScriptedClient,
  field: FieldCase,
  names: readonly string[],
): Promise<string[]> {
  const cli = createCliFolder(field.files)
  await cli.run(['check', '--fix', '--fail-on', 'never', ...argumentsFor(field)])
  for (const name of names) {
    const [action] = await client.codeActions(`${FOLDER}/${name}`, EVERYTHING, ['source.fixAll'])
    if (action?.edit) await client.apply(action.edit)
  }
  const different = names.filter((name) => client.text(`${FOLDER}/${name}`) !== cli.read(name))
  cli.remove()
  return different.map((name) => `"fix all" and --fix differ in ${name}`)
}
