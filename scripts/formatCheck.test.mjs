import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { unformattedFiles } from './formatCheck.mjs'

const folder = mkdtempSync(join(tmpdir(), 'format-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const FILES = {
  '.gitignore': 'built/\n',
  '.prettierignore': 'fixtures/\n*.md\n',
  '.prettierrc.json': '{ "semi": false }\n',
  '.editorconfig': 'root = true\n[*]\nindent_size = 2\n[*.json]\nindent_size = 4\n',
  'built/a.js': 'a()  ;\n',
  'fixtures/a.js': 'a()  ;\n',
  'src/bad.ts': 'a();\n',
  'src/good.ts': 'a()\n',
  'wide.json': '{\n    "a": 1\n}\n',
  'narrow.json': '{\n  "a": 1\n}\n',
  'a.md': '*  a\n',
  'a.txt': 'a  b',
  'untracked.css': 'a{}\n',
}

it('names the files that Prettier would change, with the settings of each', async () => {
  const git = (...args) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' })
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  git('init')
  git('add', '--force', '.')
  git('rm', '--cached', 'untracked.css', 'built/a.js')
  const formatted = new Set()
  const found = ['narrow.json', 'src/bad.ts', 'untracked.css']
  expect((await unformattedFiles(folder, formatted)).sort()).toEqual(found)
  writeFileSync(join(folder, 'src/good.ts'), 'a( )\n')
  expect((await unformattedFiles(folder, formatted)).sort()).toEqual(
    [...found, 'src/good.ts'].sort(),
  )
})
