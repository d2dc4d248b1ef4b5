import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { afterAll, expect, it } from 'vitest'
import { check, CONTEXT, createReportFolder, finding, reportOf } from '../testing/reports.js'
import { formatJunit } from './junit.js'

const cli = createReportFolder()
afterAll(cli.remove)

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

/** Parses XML. Throws if it is not well-formed. */
function parseXml(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const element: Element = { name, attributes, children: [], text: '' }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    open.at(-1)!.text += text
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(xml).close()
  return top.children[0]!
}

it('the junit format has a suite for each file and a test case for each finding', async () => {
  const root = parseXml(await check(cli, 'junit', 'mesh'))
  expect(root.children.map(({ attributes }) => attributes['name'])).toEqual([
    'mesh/all the/mesh.yaml',
    'mesh/allow.yaml',
    'mesh/debris.yaml',
    'mesh/peers.yaml',
  ])
  const [clean, allow, , peers] = root.children
  expect(clean!.children.map(({ attributes, children }) => [attributes['name'], children])).toEqual(
    [['no findings', []]],
  )
  const failed = allow!.children.find(
    ({ attributes }) => attributes['name'] === 'l7-allow-rule-dropped 11:13',
  )!
  expect(failed.children[0]).toMatchObject({
    name: 'failure',
    attributes: { type: 'l7-allow-rule-dropped' },
    text: expect.stringMatching(
      /^mesh\/allow\.yaml:11:13 error Every connection to workload "api" is denied: /,
    ) as string,
  })
  expect(peers!.attributes).toMatchObject({ failures: '0' })
  expect(peers!.children.flatMap(({ children }) => children.map(({ name }) => name))).toContain(
    'system-out',
  )
  const cases = root.children.flatMap(({ children }) => children)
  expect(root.attributes).toMatchObject({
    tests: String(cases.length),
    failures: String(cases.filter(({ children }) => children[0]?.name === 'failure').length),
  })
})

it('the failures in the junit format depend on --fail-on', async () => {
  const failures = async (level: string): Promise<number> =>
    Number(parseXml(await check(cli, 'junit', '--fail-on', level, 'mesh')).attributes['failures'])
  expect(await failures('never')).toBe(0)
  expect(await failures('warning')).toBeGreaterThan(await failures('error'))
})

it('the junit format is valid XML for all characters', () => {
  const message = 'a\u0000b <c> & "d"\u001b[31m \ud800 \ufffe ]]> é \u{1f600}'
  const root = parseXml(formatJunit(reportOf(finding({ message, file: 'a"<&\n.yaml' })), CONTEXT))
  const [, suite] = root.children
  expect(suite!.attributes['name']).toBe('a"<&\n.yaml')
  expect(suite!.children[0]!.children[0]!.attributes['message']).toBe(
    'a\ufffdb <c> & "d"\ufffd[31m \ufffd \ufffd ]]> é \u{1f600}',
  )
})
