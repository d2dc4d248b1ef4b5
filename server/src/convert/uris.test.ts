import { expect, it } from 'vitest'
import { fileOfUri, uriOfFile } from './uris.js'

it.each([
  ['file:///mesh/a%20b/c%40d.yaml', '/mesh/a b/c@d.yaml'],
  ['file:///c%3A/mesh/a.yaml', 'c:/mesh/a.yaml'],
  ['file://host/share/a.yaml', '//host/share/a.yaml'],
  ['vscode-vfs://github/org/repo/a.yaml', 'vscode-vfs://github/org/repo/a.yaml'],
  ['untitled:Untitled-1', 'untitled:Untitled-1'],
  ['file:///mesh/%28new%29%20%C3%A9.yaml', '/mesh/(new) é.yaml'],
])('the URI %s becomes a file name and the same URI again', (uri, file) => {
  expect(fileOfUri(uri)).toBe(file)
  expect(uriOfFile(file)).toBe(uri)
})

it('all spellings of a URI have the same file name', () => {
  expect(fileOfUri('file:///mesh/a@b.yaml')).toBe(fileOfUri('file:///mesh/a%40b.yaml'))
  expect(fileOfUri('file:///C:/mesh/a.yaml')).toBe(fileOfUri('file:///c%3A/mesh/a.yaml'))
  expect(fileOfUri('file:///mesh/100%.yaml')).toBe('/mesh/100%.yaml')
})
