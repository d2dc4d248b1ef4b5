import {
  Analysis,
  DEFAULT_SETTINGS,
  mergeSettings,
  type Settings,
} from '@istio-ambient-policy/shared'
import type { PublishDiagnosticsParams } from 'vscode-languageserver'
import { describe, expect, it } from 'vitest'
import { DiagnosticsPublisher } from './diagnosticsPublisher.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n'
const PEER = (name: string, mode = 'DISABLE'): string =>
  `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector:\n    matchLabels:\n      app: ${name}\n  mtls:\n    mode: ${mode}\n`

const STRICT_MESH =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: istio-system\nspec:\n  mtls:\n    mode: STRICT\n'

/** A publisher for files in memory, with the diagnostics that it has sent. */
function publishing(files: Record<string, string>, settings: Partial<Settings> = {}) {
  const sent: PublishDiagnosticsParams[] = []
  const publisher = new DiagnosticsPublisher({
    uriOf: (file) => file,
    versionOf: () => undefined,
    pageOf: () => undefined,
    send: (params) => void sent.push(params),
  })
  const { rules } = mergeSettings(settings)
  const analysis = new Analysis({
    settings: DEFAULT_SETTINGS,
    world: 'open',
    levels: rules,
    readText: (file) => files[file],
  })
  const update = (changes: Record<string, string>): void =>
    void analysis.update(
      Object.entries(changes).map(([file, text]) => ({ file, text, open: true })),
    )
  update(files)
  const publish = (file: string): PublishDiagnosticsParams[] => {
    publisher.publish(file, [analysis])
    return sent.splice(0)
  }
  return { publisher, update, publish, sent }
}

const linesOf = ([params]: readonly PublishDiagnosticsParams[]): number[] | undefined =>
  params?.diagnostics.map(({ range }) => range.start.line)

describe('DiagnosticsPublisher', () => {
  it('diagnostics are sent once, again after their lines have moved, and empty at the end', () => {
    const { publish, update } = publishing({ 'a.yaml': PEER('cart') })
    expect(linesOf(publish('a.yaml'))).toEqual([11])
    expect(publish('a.yaml')).toEqual([])
    update({ 'a.yaml': `${PEER('cart')}# more\n` })
    expect(publish('a.yaml')).toEqual([])
    update({ 'a.yaml': `# first\n${PEER('cart')}` })
    expect(linesOf(publish('a.yaml'))).toEqual([12])
    update({ 'a.yaml': `# first\n${PEER('cart', 'STRICT')}` })
    expect(publish('a.yaml')).toEqual([{ uri: 'a.yaml', diagnostics: [] }])
    expect(publish('a.yaml')).toEqual([])
  })

  it('diagnostics are not sent again if an object is checked again with the same findings', () => {
    const { publish, update } = publishing({ 'a.yaml': PEER('cart') })
    publish('a.yaml')
    update({ 'a.yaml': replaceIn(PEER('cart'), ['    mode', '    # here\n    mode']) })
    expect(linesOf(publish('a.yaml'))).toEqual([12])
    update({ 'b.yaml': replaceIn(NAMESPACE, ['shop', 'other']) })
    expect(publish('a.yaml')).toEqual([])
  })

  it('diagnostics that the client may have removed are sent again', () => {
    const { publish, publisher, update } = publishing({ 'a.yaml': PEER('cart') })
    publish('a.yaml')
    publisher.forget('a.yaml')
    expect(linesOf(publish('a.yaml'))).toEqual([11])
    publisher.forget('a.yaml')
    update({ 'a.yaml': PEER('cart', 'STRICT') })
    expect(publish('a.yaml')).toEqual([{ uri: 'a.yaml', diagnostics: [] }])
  })

  it('related information follows changes of the other file', () => {
    const { publish, publisher, update } = publishing({
      'mesh.yaml': STRICT_MESH,
      'a.yaml': PEER('cart'),
    })
    const related = ([params]: readonly PublishDiagnosticsParams[]): unknown =>
      params?.diagnostics.flatMap(({ relatedInformation }) =>
        (relatedInformation ?? []).map(({ location }) => [location.uri, location.range.start.line]),
      )
    expect(related(publish('a.yaml'))).toEqual([['mesh.yaml', 7]])
    expect([...publisher.pointingInto('mesh.yaml')]).toEqual(['a.yaml'])
    update({ 'mesh.yaml': `# first\n${STRICT_MESH}` })
    expect(related(publish('a.yaml'))).toEqual([['mesh.yaml', 8]])
    update({ 'a.yaml': '' })
    publish('a.yaml')
    expect([...publisher.pointingInto('mesh.yaml')]).toEqual([])
  })

  it('a file with too many findings has the most severe diagnostics and the number of the others', () => {
    const hints = Array.from({ length: 1_100 }, (_, index) => PEER(`cart-${index}`)).join('')
    const severe =
      '---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: Wrong_Name\n  namespace: shop\nspec:\n  mtls:\n    mode: SOMETIMES\n'
    const { publish } = publishing({ 'a.yaml': hints + severe })
    const [{ diagnostics } = { diagnostics: [] }] = publish('a.yaml')
    expect(diagnostics).toHaveLength(1_001)
    expect(diagnostics[0]?.range.start.line).toBeGreaterThan(1_100 * 11)
    expect(diagnostics.at(-1)?.message).toMatch(/^\d+ more findings of this file are not shown\.$/)
  })
})
