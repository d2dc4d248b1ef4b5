import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { analyse, describeFindings, findingsOf } from '../testing/index.js'

const ROOT = fileURLToPath(new URL('../../../test-fixtures/quiet/', import.meta.url))

function filesOf(workspace: string): Record<string, string> {
  const names = readdirSync(`${ROOT}${workspace}`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(names.map(({ parentPath, name }) => {
    const path = `${parentPath}/${name}`
    return [path.slice(ROOT.length + workspace.length + 1), readFileSync(path, 'utf8')]
  }))
}

/**
 * What may be said in a workspace whose files do not tell everything: `rule file`, each a warning at most and with its assumption. Workspaces that
 * are not named must be silent.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {}

describe.each(readdirSync(ROOT).sort())('%s', (workspace) => {
  const analysis = analyse(filesOf(workspace))

  it('holds no false alarm', () => {
    const allowed = ALLOWED[workspace] ?? []
    const said = describeFindings(analysis).filter((line) => !allowed.some((entry) => line.includes(entry)))
    expect(said).toEqual([])
  })

  it('says what it assumes', () => {
    for (const { level, rule, assumptions } of findingsOf(analysis)) {
      expect(level).not.toBe('error')
      expect({ rule, assumptions }).not.toEqual({ rule, assumptions: [] })
    }
  })
})
