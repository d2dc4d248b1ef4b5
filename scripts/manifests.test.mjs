import { loadPrism } from '@ruby/prism'
import dockerfileUtils from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dockerfile, homebrewFormula, krewManifest } from './release/manifests.mjs'
import { releaseNames } from './release/names.mjs'

const names = releaseNames()
const SHA256 = 'a'.repeat(64)

describe('the container file', () => {
  const text = dockerfile(names)

  it('is valid, and a wrong instruction would not be', () => {
    expect(dockerfileUtils.validate(text)).toEqual([])
    expect(dockerfileUtils.validate(text.replace('COPY', 'COPPY'))).not.toEqual([])
  })

  it('has a base without a shell, a user without rights, and no command that runs in the build', () => {
    expect(text).toMatch(/^FROM gcr\.io\/distroless\/nodejs24-debian12:nonroot$/m)
    expect(text).not.toMatch(/^(?:RUN|ADD|USER root)/m)
    expect(JSON.parse(/^ENTRYPOINT (.*)$/m.exec(text)[1])).toEqual([
      '/nodejs/bin/node',
      `/opt/${names.npmPackage}/cli.cjs`,
    ])
  })
})

describe('the formula of Homebrew', () => {
  const text = homebrewFormula(names, { sha256: SHA256 })

  it('is valid Ruby without warnings, and a broken one would not be', async () => {
    const parseRuby = await loadPrism()
    const { errors, warnings } = parseRuby(text)
    expect([errors, warnings]).toEqual([[], []])
    expect(parseRuby(text.replace('\nend\n', '\n')).errors).not.toEqual([])
  })

  it('is a class with the name of its file, and calls what Homebrew has', async () => {
    const parseRuby = await loadPrism()
    const [formula] = parseRuby(text).value.statements.body
    expect([formula.constructor.name, formula.name, formula.superclass.name]).toEqual([
      'ClassNode',
      'AmbientPolicy',
      'Formula',
    ])
    const calls = formula.body.body.map(({ name }) => name)
    expect(calls).toEqual([
      'desc',
      'homepage',
      'url',
      'sha256',
      'license',
      'depends_on',
      'install',
      'test',
    ])
  })

  it('has the name of another package', () => {
    expect(homebrewFormula({ ...names, npmPackage: 'mesh-check' }, { sha256: SHA256 })).toMatch(
      /^class MeshCheck < Formula/,
    )
  })
})

describe('the manifest of krew', () => {
  const manifest = parse(krewManifest(names, { archive: 'a.tgz', sha256: SHA256 }))
  const { spec, metadata } = manifest

  // The limits of `validate-krew-manifest` and of the index.
  it('has the fields that krew needs, within its limits', () => {
    expect(manifest).toMatchObject({
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
    })
    expect(metadata.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    expect(spec.version).toMatch(/^v\d+\.\d+\.\d+$/)
    expect(spec.shortDescription.length).toBeLessThanOrEqual(50)
    expect(spec.shortDescription).not.toMatch(/\.$/)
    for (const line of spec.description.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('has an archive with a checksum, and installs the program', () => {
    for (const { uri, sha256, files, bin, selector } of spec.platforms) {
      expect(new URL(uri).protocol).toBe('https:')
      expect(uri).toMatch(/\.(?:tar\.gz|tgz|zip)$/)
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(files.some(({ from }) => from.endsWith(`/${bin}`))).toBe(true)
      expect(selector.matchExpressions[0].values).toEqual(['linux', 'darwin'])
    }
  })
})
