// The Emacs configuration of docs/editors.md in a real Emacs, in a terminal.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkReport, configurations, evaluateFunction, REQUEST } from '../editors/expectations.mjs'
import { installEmacs } from '../installEditors.mjs'
import { LIMIT_MILLISECONDS } from '../until.mjs'

export const fixture = 'test-fixtures/editor'
export const browser = false

export async function tour({ folder, at, step }) {
  const [configuration] = configurations(at, 'Emacs')
  const program = installEmacs()
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0]
  const copy = join(folder, 'copy')
  const file = join(folder, 'report.json')
  cpSync(at(fixture), copy, { recursive: true })
  // The repository is the project of Eglot.
  execFileSync('git', ['init', '-q'], { cwd: copy })
  mkdirSync(join(folder, '.emacs.d'))
  writeFileSync(
    join(folder, '.emacs.d/init.el'),
    `${configuration}\n${evaluateFunction(at, '(defun')}`,
  )
  const env = {
    ...process.env,
    HOME: folder,
    TERM: 'xterm',
    REPORT: file,
    REQUEST: JSON.stringify(REQUEST),
    LIMIT_SECONDS: String(LIMIT_MILLISECONDS / 1000),
  }
  const command = `${program} -nw -l ${at('client/test/editors/drive.el')} policies/productpage-viewer.yaml`
  execFileSync('script', ['-q', '-e', '-c', command, '/dev/null'], {
    cwd: copy,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 2 * LIMIT_MILLISECONDS,
  })
  checkReport(JSON.parse(readFileSync(file, 'utf8')), {
    folder: copy,
    fixture: at(fixture),
    severities: ['eglot-error', 'eglot-warning'],
    evaluates: true,
    step: (text) => step(`${version}: ${text}`),
  })
}
