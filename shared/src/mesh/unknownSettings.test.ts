import { describe, expect, it } from 'vitest'
import { analyse, type Files } from '../testing/index.js'
import { type EffectiveSettings } from './settings.js'
import type { MeshSettings } from './meshSettings.js'

const settings = (files: Files, user: MeshSettings = {}): EffectiveSettings =>
  analyse(files, { world: 'closed', settings: user }).mesh.settings
const plain = (found: EffectiveSettings): unknown => ({
  ...found,
  flag: undefined,
  statedFlag: undefined,
  dryRun: found.flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY'),
})

const DEFAULTS = {
  rootNamespace: 'istio-system',
  rootNamespaceKnown: true,
  trustDomain: 'cluster.local',
  trustDomainKnown: true,
  trustDomainAliases: [],
  istioVersion: '1.32',
  disputed: [],
  discoverySelectors: undefined,
  serviceEntryVisibility: undefined,
  cniExcludeNamespaces: ['kube-system'],
  dnsCapture: undefined,
  install: 'unknown',
  dryRun: false,
}
const MESH = {
  rootNamespace: 'mesh-root',
  trustDomain: 'corp.example',
  trustDomainAliases: ['old.example'],
  discoverySelectors: [{ matchLabels: { a: 'b' } }],
  serviceEntryVisibility: {
    defaultVisibility: 'NAMESPACE',
    policies: [
      {
        visibility: 'PUBLIC',
        matchingRules: [{ namespaceSelector: { matchLabels: { open: 'yes' } } }],
      },
    ],
  },
}
const env = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: 'true' }
const text = (object: object): string => JSON.stringify(object)
const sail = (spec: object, name = 'default'): string =>
  text({ apiVersion: 'sailoperator.io/v1', kind: 'Istio', metadata: { name }, spec })

describe('settings are not known', () => {
  it('where installs disagree: then defaults apply', () => {
    const other = {
      rootNamespace: 'x',
      trustDomain: 'x',
      trustDomainAliases: ['x'],
      discoverySelectors: [{ matchLabels: { a: 'c' } }],
      serviceEntryVisibility: { defaultVisibility: 'NONE' },
    }
    const files = {
      'a.yaml': sail({
        version: 'v1.30.1',
        values: { meshConfig: MESH, pilot: { env }, cni: { excludeNamespaces: ['x'] } },
      }),
      'b.yaml': sail(
        {
          version: 'v1.31.0',
          values: {
            meshConfig: other,
            pilot: { env: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: 'false' } },
            cni: { excludeNamespaces: ['y'] },
          },
        },
        'other',
      ),
    }
    expect(plain(settings(files))).toEqual({
      ...DEFAULTS,
      rootNamespaceKnown: false,
      trustDomainKnown: false,
      trustDomainAliases: ['old.example', 'x'],
      disputed: [
        'rootNamespace',
        'trustDomain',
        'istioVersion',
        'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY',
      ],
    })
  })

  it('where another tool fills them in', () => {
    const files = {
      'a.yaml': sail({
        values: { meshConfig: { rootNamespace: '${ROOT}', trustDomain: '${TRUST_DOMAIN}' } },
      }),
    }
    expect(plain(settings(files))).toEqual({
      ...DEFAULTS,
      rootNamespaceKnown: false,
      trustDomainKnown: false,
      disputed: ['rootNamespace', 'trustDomain'],
    })
  })

  it('where their values cannot be read', () => {
    expect(
      plain(
        settings({
          'a.yaml': sail({
            version: 'release-1.30',
            values: {
              meshConfig: { trustDomain: '' },
              pilot: { env: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: 'maybe' } },
            },
          }),
        }),
      ),
    ).toEqual(DEFAULTS)
  })
})
