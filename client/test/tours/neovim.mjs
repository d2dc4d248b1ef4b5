// The Neovim configurations of docs/editors.md: the one for new releases in a new Neovim, the one for old releases
// in an old Neovim.
import { strict as assert } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkReport, configurations, evaluateFunction, REQUEST } from '../editors/expectations.mjs'
import { installNewNeovim, installSystemNeovim } from '../installEditors.mjs'
import { LIMIT_MILLISECONDS } from '../until.mjs'

export const fixture = 'test-fixtures/editor'
export const browser = false

export async function tour({ folder, at, step }) {
  const blocks = configurations(at, 'Neovim')
  const programs = [installNewNeovim(at('.workbench')), installSystemNeovim()]
  assert.equal(blocks.length, programs.length, 'There is a configuration for each Neovim.')
  for (const [index, program] of programs.entries()) {
    const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0]
    const copy = join(folder, `copy-${index}`)
    const init = join(folder, `init-${index}.lua`)
    const file = join(folder, `report-${index}.json`)
    cpSync(at(fixture), copy, { recursive: true })
    const mapping = join(folder, 'mapping.lua')
    writeFileSync(init, blocks[index])
    writeFileSync(mapping, evaluateFunction(at, 'vim.keymap.set'))
    const env = {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_STATE_HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CACHE_HOME: folder,
      REPORT: file,
      REQUEST: JSON.stringify(REQUEST),
      // Only new releases have the functions of the mapping.
      ...(index === 0 ? { MAPPING: mapping } : {}),
      LIMIT_MILLISECONDS: String(LIMIT_MILLISECONDS),
    }
    execFileSync(
      program,
      [
        '--headless',
        '-u',
        init,
        '-c',
        `luafile ${at('client/test/editors/drive.lua')}`,
        'policies/productpage-viewer.yaml',
      ],
      { cwd: copy, env, stdio: 'pipe', timeout: 2 * LIMIT_MILLISECONDS },
    )
    const report = JSON.parse(readFileSync(file, 'utf8'))
    checkReport(report, {
      folder: copy,
      fixture: at(fixture),
      severities: ['ERROR', 'WARN'],
      evaluates: index === 0,
      step: (text) => step(`${version}: ${text}`),
    })
    assert.equal(report.clients, 1, 'All buffers use one server.')
  }
}
