import { expect, it } from 'vitest'
import { Links } from './links.js'
import { inGroups, type Matrix } from './matrixGroups.js'
import { cellDetail, matrixToCsv, matrixView } from './matrixView.js'

const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 4 } }
const place = { uri: 'file:///mesh/api.yaml', range }
const MATRIX: Matrix = {
  uri: 'file:///mesh/api.yaml',
  targets: [
    { service: 'shop/api', port: 80 },
    { host: 'a.example', port: 443 },
  ],
  places: [place, null],
  rows: [
    {
      clients: ['shop/a', 'shop/b', 'shop/c', 'shop/d'],
      from: { namespace: 'shop', serviceAccount: 'a' },
      cells: ['allow', 'partly'],
      kinds: [1, 3],
    },
    {
      clients: ['shop/"e"'],
      from: { namespace: 'shop', serviceAccount: 'e' },
      cells: ['deny', 'unknown'],
      kinds: [1, 1],
    },
    {
      clients: ['clients outside the mesh'],
      from: {},
      cells: ['deny', 'undecided'],
      kinds: [1, 1],
    },
  ],
}

it('the matrix has a row for clients that are treated alike, and a link for each destination', () => {
  const links = new Links()
  const { heading, matrix } = matrixView('shop', MATRIX, links)
  expect(heading).toBe('Access to namespace shop')
  expect(matrix?.columns).toEqual([
    { group: 'shop', label: 'api:80', title: 'Service shop/api port 80', link: 0 },
    { group: 'shop', label: 'a.example:443', title: 'host a.example port 443' },
  ])
  expect(links.places).toEqual([place])
  expect(matrix?.rows.map(({ label, outside, cells }) => [label, outside, cells.join('')])).toEqual(
    [
      ['shop/a, shop/b and 2 more', false, 'ap'],
      ['shop/"e"', false, 'd-'],
      ['clients outside the mesh', true, 'du'],
    ],
  )
  expect(matrix?.rows[0]?.kinds).toEqual([1, 3])
  expect(matrix?.rows[0]?.title).toBe('shop/a, shop/b, shop/c, shop/d')
})

it('the rows and columns of a namespace are beside each other, hosts and other clients are last', () => {
  const target = (name: string) => ({ service: name, port: 80 })
  const row = (...clients: string[]) => ({
    clients,
    from: {},
    cells: ['allow'] as const,
    kinds: [1],
  })
  const { targets, places, rows } = inGroups({
    ...MATRIX,
    targets: [{ host: 'a.example', port: 443 }, target('b/x'), target('a/x'), target('b/y')],
    places: [null, place, null, null],
    rows: [
      {
        ...row('clients outside the mesh'),
        cells: ['deny', 'allow', 'partly', 'undecided'],
        kinds: [1, 2, 3, 4],
      },
      row('b/x', 'a/y'),
      row('b/x'),
      row('a/x', 'a/z'),
      row('b/y'),
    ],
  })
  expect(targets.map((each) => Object.values(each).join(':'))).toEqual([
    'b/x:80',
    'b/y:80',
    'a/x:80',
    'a.example:443',
  ])
  expect(places).toEqual([place, null, null, null])
  expect(rows.map(({ clients }) => clients.join())).toEqual([
    'b/x',
    'b/y',
    'a/x,a/z',
    'b/x,a/y',
    'clients outside the mesh',
  ])
  expect(rows.at(-1)?.cells).toEqual(['allow', 'undecided', 'partly', 'deny'])
  expect(rows.at(-1)?.kinds).toEqual([2, 4, 3, 1])
})

it('a long matrix names the groups, and leaves them out of the names in a group', () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({
    clients: [`shop/c${index}`, ...(index === 0 ? ['web/c'] : [])],
    from: {},
    cells: ['allow', 'deny'] as const,
    kinds: [1, 1],
  }))
  const { matrix } = matrixView(undefined, { ...MATRIX, rows }, new Links())
  expect(matrix?.rows.slice(0, 2).map(({ group, label }) => [group, label])).toEqual([
    ['Several namespaces', 'shop/c0, web/c'],
    ['shop', 'c1'],
  ])
  expect(matrix?.columns.map(({ group }) => group)).toEqual(['shop', 'Hosts'])
})

it('each content of the matrix has its own number', () => {
  const first = matrixView(undefined, MATRIX, new Links())
  expect(matrixView(undefined, MATRIX, new Links()).matrix?.id).not.toBe(first.matrix?.id)
  expect(first.heading).toBe('Access to all namespaces')
})

it('the detail of a cell has the requests, the verdict and a link to what decides', () => {
  const links = new Links()
  const { matrix } = matrixView('shop', MATRIX, links)
  const [row, column] = [matrix?.rows[0], matrix?.columns[0]]
  if (!row || !column) throw new Error('There is a cell.')
  const target = { service: 'shop/api', port: 80 }
  const detail = cellDetail(
    row,
    column,
    {
      access: [
        {
          target,
          clients: ['shop/a'],
          requests: { method: ['GET'] },
          witness: { from: {}, to: target },
          verdict: 'allow',
          reason: 'allowed by shop/readers',
          place,
        },
      ],
      notCompared: [],
      assumptions: [],
    },
    { links, uri: MATRIX.uri },
  )
  expect(detail).toEqual({
    heading: 'shop/a, shop/b and 2 more to Service shop/api port 80',
    table: {
      caption: 'Requests and what decides them',
      columns: ['Destination', 'Requests', 'Verdict', 'Reason'],
      rows: [
        [
          { text: 'Service shop/api port 80', link: 0 },
          { text: 'method GET', more: [{ text: 'Evaluate one', link: 1 }] },
          { text: 'Allowed', verdict: 'allow' },
          { text: 'allowed by shop/readers', link: 2 },
        ],
      ],
    },
  })
})

it('the CSV quotes texts with a comma or a quote', () => {
  expect(matrixToCsv(MATRIX)).toBe(
    [
      'clients,Service shop/api port 80,host a.example port 443',
      'shop/a; shop/b; shop/c; shop/d,allow,partly',
      '"shop/""e""",deny,unknown',
      'clients outside the mesh,deny,undecided',
      '',
    ].join('\n'),
  )
})
