import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { disableModeIsPermissive } from './disable-mode-is-permissive.js'
import { disableModeIsPermissivePage } from './disable-mode-is-permissive.page.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const { name } = disableModeIsPermissive
const bad = withoutArrows(disableModeIsPermissivePage.bad)
const rules = [name]
const peer = (
  mode: string,
  selector = '',
  policyName = 'p',
): string => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: ${policyName}
  namespace: shop
spec:
${selector}  mtls:
    mode: ${mode} # for now
`
const API = '  selector:\n    matchLabels:\n      app: api\n'

function levels(files: Files | string): string[] {
  return findingsOf(analyse(files))
    .filter(({ rule }) => rule === name)
    .map(({ level, message }) => `${level}: ${message}`)
}

it('marks the mode DISABLE', () => {
  const { found, expected } = compareMarked(
    `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: p
  namespace: shop
spec:
  mtls:
    mode: DISABLE
    #     ^^^^^^^ disable-mode-is-permissive: mTLS stays on in ambient mode: DISABLE acts as PERMISSIVE and only allows plaintext to workload "api".
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('the level', () => {
  const overriding = (strict: string): string =>
    'error: Workload "api" accepts plaintext: ' +
    `DISABLE acts as PERMISSIVE in ambient mode and overrides STRICT of "${strict}".`
  const permitting =
    'warning: mTLS stays on in ambient mode: DISABLE acts as PERMISSIVE and only allows plaintext to workload "api".'

  it.each([
    [
      'namespace mode under a STRICT of the mesh',
      MESH_STRICT + AMBIENT_SHOP + peer('DISABLE'),
      [overriding('istio-system/default')],
    ],
    [
      'workload mode under a STRICT of the mesh',
      MESH_STRICT + AMBIENT_SHOP + peer('DISABLE', API),
      [overriding('istio-system/default')],
    ],
    [
      'workload mode under a STRICT of the namespace',
      `${AMBIENT_SHOP}${peer('STRICT', '', 'ns')}---\n${peer('DISABLE', API)}`,
      [overriding('shop/ns')],
    ],
    [
      'workload mode under an UNSET namespace and a STRICT mesh',
      `${MESH_STRICT}${AMBIENT_SHOP}${peer('UNSET', '', 'ns')}---\n${peer('DISABLE', API)}`,
      [overriding('istio-system/default')],
    ],
    [
      'workload mode under a PERMISSIVE namespace and a STRICT mesh',
      `${MESH_STRICT}${AMBIENT_SHOP}${peer('PERMISSIVE', '', 'ns')}---\n${peer('DISABLE', API)}`,
      [permitting],
    ],
    [
      'namespace mode that no workload inherits',
      `${MESH_STRICT}${AMBIENT_SHOP}${peer('DISABLE')}---\n${peer('STRICT', API, 'own')}`,
      [permitting],
    ],
    ['namespace mode without anything above', AMBIENT_SHOP + peer('DISABLE'), [permitting]],
    [
      'mesh mode',
      replaceIn(MESH_STRICT, ['STRICT', 'DISABLE']) + AMBIENT_SHOP.slice(0, -4),
      [permitting],
    ],
  ])('is an error only if it overrides STRICT: %s', (_, text, expected) => {
    expect(levels(text)).toEqual(expected)
  })

  it('is a warning if another PeerAuthentication may apply instead', () => {
    const template = `{{- if .Values.on }}
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: x
{{- end }}
`
    expect(
      levels({ 'a.yaml': MESH_STRICT + AMBIENT_SHOP + peer('DISABLE'), 'b.yaml': template }),
    ).toEqual([permitting])
    expect(
      levels(`${MESH_STRICT}${AMBIENT_SHOP}${peer('DISABLE')}---\n${peer('UNSET', '', 'second')}`),
    ).toEqual([permitting])
  })

  it('is at most a warning if ambient mode is assumed', () => {
    const alone = replaceIn(peer('DISABLE'), ['  namespace: shop\n', ''])
    expect(findingsOf(analyse(alone))).toMatchObject([
      { rule: name, level: 'warning', assumptions: ['the namespace it is applied to is ambient'] },
    ])
    expect(findingsOf(analyse(MESH_STRICT + alone))).toMatchObject([
      {
        rule: name,
        level: 'warning',
        message:
          'The selected workloads accept plaintext: ' +
          'DISABLE acts as PERMISSIVE in ambient mode and overrides STRICT of "istio-system/default".',
      },
    ])
  })
})

it.each([
  ['the mode is PERMISSIVE', AMBIENT_SHOP + peer('PERMISSIVE')],
  [
    'the namespace uses sidecars',
    replaceIn(AMBIENT_SHOP + peer('DISABLE'), [
      'istio.io/dataplane-mode: ambient',
      'istio-injection: enabled',
    ]),
  ],
  [
    'the namespace is not in the mesh',
    replaceIn(AMBIENT_SHOP + peer('DISABLE'), ['mode: ambient', 'mode: none']),
  ],
  [
    'the selected workloads are not captured',
    replaceIn(AMBIENT_SHOP + peer('DISABLE', API), [
      '      labels:\n        app: api',
      '      labels:\n        app: api\n        istio.io/dataplane-mode: none',
    ]),
  ],
  [
    'it selects a gateway',
    AMBIENT_SHOP + peer('DISABLE', replaceIn(API, ['app: api', 'istio: ingressgateway'])),
  ],
  [
    'it is ignored, because it has a selector in the root namespace',
    AMBIENT_SHOP + replaceIn(peer('DISABLE', API), ['namespace: shop', 'namespace: istio-system']),
  ],
  [
    'it is mesh-wide and no workload is known to be captured',
    replaceIn(MESH_STRICT, ['STRICT', 'DISABLE']),
  ],
])('reports nothing if %s', (_, text) => {
  expect(levels(text)).toEqual([])
})

describe('the fixes', () => {
  const files = MESH_STRICT + AMBIENT_SHOP + peer('DISABLE')

  it('offers fixes that remove or replace the mode', () => {
    expectFixed(
      files,
      { rule: name, title: 'Remove DISABLE mode' },
      replaceIn(files, [/spec:\n {2}mtls:\n {4}mode: DISABLE.*\n/, '']),
    )
    expectFixed(
      files,
      { rule: name, title: 'Replace DISABLE with PERMISSIVE' },
      replaceIn(files, ['DISABLE', 'PERMISSIVE']),
    )
    expectFixed(
      files,
      { rule: name, title: 'Replace DISABLE with STRICT' },
      replaceIn(files, ['DISABLE', 'STRICT']),
    )
  })

  it('offers a fix that removes the namespace or the selected workloads from ambient mode', () => {
    expectFixed(
      files,
      {
        rule: name,
        title: 'Remove the namespace from ambient mode: its policies are then not enforced',
      },
      replaceIn(files, ['dataplane-mode: ambient', 'dataplane-mode: none']),
    )
    const selecting = AMBIENT_SHOP + peer('DISABLE', API)
    expectFixed(
      selecting,
      {
        rule: name,
        title: 'Remove the workload from ambient mode: its policies are then not enforced',
      },
      replaceIn(selecting, [
        '      labels:\n        app: api',
        '      labels:\n        app: api\n        istio.io/dataplane-mode: none',
      ]),
    )
  })

  it('offers safe fixes only if they allow nothing more', () => {
    const offered = findingsOf(analyse(bad)).flatMap(({ fixes }) =>
      fixes.map(({ title, preferred, safe }) => [title, preferred, safe]),
    )
    expect(offered).toEqual([
      ['Remove DISABLE mode', true, true],
      ['Replace DISABLE with PERMISSIVE', false, true],
      ['Replace DISABLE with STRICT', false, true],
      ['Remove the namespace from ambient mode: its policies are then not enforced', false, false],
    ])
  })

  it('offers only PERMISSIVE if port-level modes could have another effect under another mode', () => {
    const withPort = `${MESH_STRICT}${AMBIENT_SHOP}${peer('DISABLE', API)}  portLevelMtls:
    8080:
      mode: DISABLE
`
    const titles = findingsOf(analyse(withPort))
      .find(({ rule }) => rule === name)
      ?.fixes.map(({ title }) => title)
    expect(titles).toEqual([
      'Replace DISABLE with PERMISSIVE',
      'Remove the workload from ambient mode: its policies are then not enforced',
    ])
  })

  it('offers no change of the Namespace if the pods opt in themselves', () => {
    const self = replaceIn(
      bad,
      ['istio.io/dataplane-mode: ambient', 'istio.io/dataplane-mode: none'],
      [
        '      labels:\n        app: api',
        '      labels:\n        app: api\n        istio.io/dataplane-mode: ambient',
      ],
    )
    expect(
      findingsOf(analyse(self)).flatMap(({ fixes }) => fixes.map(({ title }) => title)),
    ).not.toContain('Remove the namespace from ambient mode: its policies are then not enforced')
  })
})
