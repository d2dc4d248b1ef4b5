import { describe, expect, it } from 'vitest'

import { settings, plain, DEFAULTS, MESH, env, sail } from '../testing/settingsObjects.js'

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
